using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Tunnel.Access;
using Tunnel.Core.Api;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests;

/// <summary>
/// What applications are set to beside their policies. The tunnel is not connected: 530 says that Access let the request
/// through.
/// </summary>
public sealed class AccessSettingsTests : IAsyncLifetime
{
    private const string Hostname = "people.example.test";
    private const string Machines = "machines.example.test";
    private const string Echo = "echo.example.test";
    private const string Alice = "alice@example.com";
    private const string Desk = "https://desk.example.com/who?a=b";
    private const int LetThrough = 530;

    private EdgeLab _lab = null!;
    private HttpClient _api = null!;
    private AccessApplication _application = null!;
    private AccessApplication _machines = null!;
    private ServiceToken _token = null!;

    public async ValueTask InitializeAsync()
    {
        _lab = await EdgeLab.StartAsync();
        _api = _lab.ApiHttp();
        _token = await _lab.Api.ServiceTokens.CreateAsync(_lab.Edge.AccountId, "machine");
        _application = await _lab.ProtectAsync(Hostname, EdgeLab.Policy(AccessDecision.Allow, new EmailDomainRule("example.com")));
        _machines = await _lab.ProtectAsync(Machines, EdgeLab.Policy(AccessDecision.NonIdentity, new ServiceTokenRule(_token.Id)));
        await _lab.AddTunnelAsync(Hostname);
        await _lab.AddTunnelAsync(Machines);
    }

    public async ValueTask DisposeAsync()
    {
        _api.Dispose();
        await _lab.DisposeAsync();
    }

    [Fact]
    public async Task Who_signs_in_and_is_refused_goes_where_the_owner_wants()
    {
        await SetAsync(_application, ("custom_deny_url", Desk), ("custom_non_identity_deny_url", "https://example.com/machines"));
        using var browser = new PersonBrowser(_lab);
        var login = await GetAsync(Hostname);
        await browser.SignInAsync(Hostname, Alice);
        await DenyAsync(_application);

        Assert.Equal((302, Desk), Where(await browser.GetAsync($"https://{Hostname}/")));
        Assert.Equal((302, Desk), Where(await browser.FollowAsync(login)));
        using var program = _lab.Browser();
        var upgrade = new HttpRequestMessage(HttpMethod.Get, $"https://{Hostname}/") { Headers = { { "Cf-Access-Token", browser.Token(Hostname) } } };
        upgrade.Headers.Connection.Add("Upgrade");
        upgrade.Headers.Upgrade.ParseAdd("websocket");
        Assert.Equal(HttpStatusCode.Forbidden, (await program.SendAsync(upgrade)).StatusCode);
    }

    [Fact]
    public async Task Who_fails_by_what_is_not_about_people_goes_there_and_a_machine_is_told_no()
    {
        await SetAsync(_machines, ("custom_deny_url", Desk), ("custom_non_identity_deny_url", "https://example.com/machines"));

        Assert.Equal((302, "https://example.com/machines"), Where(await GetAsync(Machines)));
        Assert.Equal(403, (await GetAsync(Machines, TokenHeaders("wrong"))).Status);
        Assert.Equal(LetThrough, (await GetAsync(Machines, TokenHeaders())).Status);
    }

    [Fact]
    public async Task The_owners_words_are_shown_and_stay_words()
    {
        await SetAsync(_machines, ("custom_deny_message", "<b>Ask</b> the desk"));

        var page = await GetAsync(Machines, ("Accept", "text/html,*/*"));
        Assert.Equal(403, page.Status);
        Assert.Contains("&lt;b&gt;Ask&lt;/b&gt; the desk", page.Text, StringComparison.Ordinal);
        Assert.Equal("<b>Ask</b> the desk\n", (await GetAsync(Machines)).Text);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task With_one_provider_there_is_nothing_to_choose(bool byApplication)
    {
        var provider = await AddProviderAsync();
        await SetAsync(_application, ("allowed_idps", new JsonArray(provider)), ("auto_redirect_to_identity", byApplication));
        await SetOrganizationAsync(("auto_redirect_to_identity", !byApplication));
        using var browser = new PersonBrowser(_lab);

        var login = await browser.OpenLoginAsync(Hostname);
        Assert.Equal((302, $"/cdn-cgi/access/oidc/{provider}"), (login.Status, login.Next!.AbsolutePath));
        Assert.Equal("idp.example.org", (await browser.FollowAsync(login)).Next!.Host);
        Assert.Equal(200, (await browser.GetAsync(login.Address + "&again=1")).Status);
    }

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
    public async Task Preflights_go_through_where_that_is_set_and_nothing_else_does()
    {
        (string, string)[] preflight = [("Origin", "https://web.example.org"), ("Access-Control-Request-Method", "PUT")];
        Assert.Equal(302, (await SendAsync(HttpMethod.Options, Hostname, preflight)).Status);

        await SetAsync(_application, ("options_preflight_bypass", true));

        Assert.Equal(LetThrough, (await SendAsync(HttpMethod.Options, Hostname, preflight)).Status);
        Assert.Equal(302, (await SendAsync(HttpMethod.Options, Hostname)).Status);
        Assert.Equal(302, (await SendAsync(HttpMethod.Put, Hostname, preflight)).Status);
    }

    [Fact]
    public async Task A_service_token_may_come_in_one_header()
    {
        await SetAsync(_machines, ("read_service_tokens_from_header", "Authorization"));

        Assert.Equal(LetThrough, (await GetAsync(Machines, ("Authorization", OneHeader(_token.ClientSecret!)))).Status);
        Assert.Equal(403, (await GetAsync(Machines, ("Authorization", OneHeader("wrong")))).Status);
        Assert.Equal(403, (await GetAsync(Machines, ("Authorization", "Bearer something else"))).Status);
        Assert.Equal(403, (await GetAsync(Machines, ("X-Other", OneHeader(_token.ClientSecret!)))).Status);
        Assert.Equal(403, (await GetAsync(Machines, ("Authorization", "{\"cf-access-client-id\":"))).Status);

        string OneHeader(string secret) => new JsonObject
        {
            ["cf-access-client-id"] = _token.ClientId, ["cf-access-client-secret"] = secret,
        }.ToJsonString();
    }

    [Fact]
    public async Task A_program_that_the_person_started_is_let_in_unasked_where_that_is_set()
    {
        using var browser = new PersonBrowser(_lab);
        await browser.SignInAsync(Hostname, Alice);
        var address = $"https://{Hostname}/cdn-cgi/access/cli?aud={_application.Aud}&token=";

        Assert.Contains("Let a program in?", (await OpenAsync("none")).Text, StringComparison.Ordinal);
        await SetAsync(_application, ("skip_interstitial", true));
        Assert.Contains("The program is let in", (await OpenAsync("none")).Text, StringComparison.Ordinal);
        Assert.Contains("Let a program in?", (await OpenAsync("cross-site")).Text, StringComparison.Ordinal);

        Task<BrowserPage> OpenAsync(string site) =>
            browser.GetAsync(address + Uri.EscapeDataString(NewKey()), ("Sec-Fetch-Site", site));
    }

    [Fact]
    public async Task What_no_application_covers_is_refused_where_the_organisation_wants_it()
    {
        const string open = "open.example.test";
        await _lab.AddTunnelAsync(open);
        Assert.Equal(LetThrough, (await GetAsync(open)).Status);

        await SetOrganizationAsync(("deny_unmatched_requests", true));
        Assert.Equal(403, (await GetAsync(open)).Status);
        Assert.Equal(403, (await GetAsync("nowhere.example.test")).Status);
        using var browser = new PersonBrowser(_lab);
        await browser.SignInAsync(Hostname, Alice);
        Assert.Equal(LetThrough, (await browser.GetAsync($"https://{Hostname}/")).Status);
        Assert.Contains(await _lab.Api.AccessLog.GetAsync(_lab.Edge.AccountId, new AccessLogFilter(), 100), r => r.AppDomain == open && !r.Allowed);

        await SetOrganizationAsync(("deny_unmatched_requests_exempted_zone_names", new JsonArray("example.test")));
        Assert.Equal(LetThrough, (await GetAsync(open)).Status);
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

    [Fact]
    public async Task The_pages_look_as_the_organisation_wants()
    {
        await SetOrganizationAsync(("login_design", new JsonObject
        {
            ["header_text"] = "Tools & <more>", ["footer_text"] = "Call the desk", ["background_color"] = "#102030",
            ["text_color"] = "#fff", ["logo_path"] = "https://pictures.example.org/logo.png",
        }));
        using var browser = _lab.Browser();
        using var first = await browser.GetAsync($"https://{Hostname}/");
        using var login = await browser.GetAsync(first.Headers.Location);
        var page = await login.Content.ReadAsStringAsync();
        var policy = login.Headers.GetValues("Content-Security-Policy").Single();

        Assert.Contains("<p>Tools &amp; &lt;more&gt;</p>", page, StringComparison.Ordinal);
        Assert.Contains("<footer><p>Call the desk</p></footer>", page, StringComparison.Ordinal);
        Assert.Contains("""<img src="https://pictures.example.org/logo.png" alt="">""", page, StringComparison.Ordinal);
        const string style = "body{background:#102030}header p,footer p{color:#fff}";
        Assert.Contains($"<style>{style}</style>", page, StringComparison.Ordinal);
        var hash = Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(style)));
        Assert.Contains($"'sha256-{hash}'; img-src data: https://pictures.example.org;", policy, StringComparison.Ordinal);
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

    private static (int, string?) Where(BrowserPage page) => (page.Status, page.Next?.AbsoluteUri);

    private static string NewKey() => Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32))
        .Replace('+', '-').Replace('/', '_');

    private (string Name, string Value)[] TokenHeaders(string? secret = null) =>
        [("CF-Access-Client-Id", _token.ClientId!), ("CF-Access-Client-Secret", secret ?? _token.ClientSecret!)];

    private Task<BrowserPage> GetAsync(string hostname, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Get, hostname, headers);

    private async Task<BrowserPage> SendAsync(HttpMethod method, string hostname, params (string Name, string Value)[] headers)
    {
        using var program = _lab.Browser();
        using var request = new HttpRequestMessage(method, $"https://{hostname}/");
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await program.SendAsync(request);
        return new BrowserPage(
            request.RequestUri!, (int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers.Location);
    }

    private async Task SetAsync(AccessApplication application, params (string Name, JsonNode? Value)[] settings)
    {
        var path = new Uri($"accounts/{_lab.Edge.AccountId}/access/apps/{application.Id}", UriKind.Relative);
        var document = (await _api.GetFromJsonAsync<JsonObject>(path))!["result"]!.DeepClone().AsObject();
        document.Remove("policies");
        await PutAsync(path, document, settings);
    }

    private Task SetOrganizationAsync(params (string Name, JsonNode? Value)[] settings) =>
        PutAsync(new Uri($"accounts/{_lab.Edge.AccountId}/access/organizations", UriKind.Relative), [], settings);

    private async Task PutAsync(Uri path, JsonObject document, (string Name, JsonNode? Value)[] settings)
    {
        foreach (var (name, value) in settings)
        {
            document[name] = value;
        }

        using var response = await _api.PutAsJsonAsync(path, document);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    private Task DenyAsync(AccessApplication application) => SetAsync(application, ("custom_deny_url", Desk), ("policies", JsonNode.Parse(
        """[{"name":"nobody","decision":"deny","include":[{"everyone":{}}],"precedence":1}]""")));

    private async Task<string> AddProviderAsync()
    {
        using var response = await _api.PostAsJsonAsync(
            new Uri($"accounts/{_lab.Edge.AccountId}/access/identity_providers", UriKind.Relative), new
            {
                name = "Example",
                type = "oidc",
                config = new
                {
                    client_id = "edge", client_secret = "secret", auth_url = "https://idp.example.org/authorize",
                    token_url = "https://idp.example.org/token", certs_url = "https://idp.example.org/jwks",
                },
            });
        return (await response.Content.ReadFromJsonAsync<JsonObject>())!["result"]!["id"]!.GetValue<string>();
    }
}
