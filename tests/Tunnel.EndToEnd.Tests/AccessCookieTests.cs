using System.Net;
using Tunnel.Access;
using Tunnel.Core.Api;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests;

/// <summary>
/// What applications are set to for their cookies. The tunnel is not connected: 530 says that Access let the request
/// through.
/// </summary>
public sealed class AccessCookieTests : AccessSettings
{
    private const string Echo = "echo.example.test";

    [Fact]
    public async Task A_bound_token_counts_only_with_its_cookie()
    {
        await SetAsync(_application, ("enable_binding_cookie", true));
        using var browser = new PersonBrowser(_lab);
        var token = await browser.SignInAsync(Hostname, Alice);

        Assert.Equal(LetThrough, (await browser.GetAsync($"https://{Hostname}/")).Status);
        Assert.Equal(302, (await GetAsync(Hostname, ("Cookie", "CF_Authorization=" + token))).Status);
        Assert.Equal(302, (await GetAsync(Hostname, ("Cf-Access-Token", token))).Status);
        using var other = new PersonBrowser(_lab);
        await other.SignInAsync(Hostname, "bob@example.com");
        var foreign = other.Cookies.GetCookies(new Uri($"https://{Hostname}/"))["CF_Binding"]!.Value;
        Assert.Equal(302, (await GetAsync(Hostname, ("Cookie", $"CF_Authorization={token}; CF_Binding={foreign}"))).Status);
    }

    [Fact]
    public async Task The_cookie_goes_with_the_applications_path_only()
    {
        const string host = "paths.example.test";
        await _lab.AddTunnelAsync(host);
        foreach (var path in (string[])["/one", "/two/deep"])
        {
            var application = await _lab.ProtectAsync(host + path, EdgeLab.Policy(AccessDecision.Allow, new EmailRule(Alice)));
            await SetAsync(application, ("path_cookie_attribute", true));
        }

        using var browser = new PersonBrowser(_lab);
        await browser.FollowAsync(await browser.EnterPinAsync(await browser.OpenLoginAsync(host, "/one/x"), Alice));
        Assert.Equal(LetThrough, (await browser.GetAsync($"https://{host}/one/x")).Status);
        Assert.Equal(302, (await browser.GetAsync($"https://{host}/two/deep/x")).Status);
        await browser.FollowAsync(await browser.OpenLoginAsync(host, "/TWO/Deep/x"));
        Assert.Equal(LetThrough, (await browser.GetAsync($"https://{host}/TWO/Deep/y")).Status);
        Assert.Equal(["/TWO/Deep", "/cdn-cgi/access", "/one"], browser.Cookies.GetAllCookies()
            .Where(c => c.Domain == host && c.Name == "CF_Authorization").Select(c => c.Path).Order(StringComparer.Ordinal));
        Assert.Contains(Alice, (await browser.GetAsync($"https://{host}/cdn-cgi/access/get-identity")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_cookies_the_one_that_is_valid_counts()
    {
        using var browser = new PersonBrowser(_lab);
        var token = await browser.SignInAsync(Hostname, Alice);

        Assert.Equal(LetThrough, (await GetAsync(Hostname, ("Cookie", $"CF_Authorization=no.such.token; CF_Authorization={token}"))).Status);
        Assert.Equal(LetThrough, (await GetAsync(Hostname, ("Cookie", $"CF_Authorization={token}; CF_Authorization=no.such.token"))).Status);
    }

    [Theory]
    [InlineData("strict", false)]
    [InlineData("none", true)]
    public async Task The_cookie_has_the_attributes_that_are_set(string sameSite, bool httpOnly)
    {
        await using var origin = new OriginListener();
        await SetAsync(await EchoAsync(origin), ("same_site_cookie_attribute", sameSite), ("http_only_cookie_attribute", httpOnly));

        var cookie = Assert.Single(await CookiesAsync());
        Assert.StartsWith("CF_Authorization=", cookie, StringComparison.Ordinal);
        Assert.Contains($"samesite={sameSite}", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(httpOnly, cookie.Contains("httponly", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_strict_organisation_tells_machines_by_status_and_gives_them_no_cookie()
    {
        await using var origin = new OriginListener();
        await EchoAsync(origin);
        Assert.Single(await CookiesAsync());

        await SetOrganizationAsync(("strict_service_token_auth", true));

        Assert.Empty(await CookiesAsync());
        Assert.Equal(401, (await GetAsync(Machines, TokenHeaders("wrong"))).Status);
        var other = await _lab.Api.ServiceTokens.CreateAsync(_lab.Edge.AccountId, "other");
        Assert.Equal(403, (await GetAsync(Machines, ("CF-Access-Client-Id", other.ClientId!), ("CF-Access-Client-Secret", other.ClientSecret!))).Status);
    }

    /// <summary>What a machine is given when it opens a stream.</summary>
    private async Task<string[]> CookiesAsync()
    {
        using var program = _lab.Browser();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"https://{Echo}/");
        request.Headers.Connection.Add("Upgrade");
        request.Headers.Upgrade.ParseAdd("websocket");
        request.Headers.Add("Sec-WebSocket-Version", "13");
        request.Headers.Add("Sec-WebSocket-Key", Convert.ToBase64String(new byte[16]));
        foreach (var (name, value) in TokenHeaders())
        {
            request.Headers.Add(name, value);
        }

        using var response = await program.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.SwitchingProtocols, response.StatusCode);
        return response.Headers.TryGetValues("Set-Cookie", out var cookies) ? [.. cookies] : [];
    }

    private async Task<AccessApplication> EchoAsync(OriginListener origin)
    {
        await _lab.PublishAsync(Echo, origin.Url, connections: 1);
        return await _lab.ProtectAsync(Echo, EdgeLab.Policy(AccessDecision.NonIdentity, new ServiceTokenRule(_token.Id)));
    }
}
