using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Tunnel.Core.Api;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests;

/// <summary>
/// What applications are set to beside their policies. The tunnel is not connected: 530 says that Access let the request
/// through.
/// </summary>
public sealed class AccessSettingsTests : AccessSettings
{
    private const string Desk = "https://desk.example.com/who?a=b";

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
        Assert.Contains("Let a program in?", (await OpenAsync("none")).Text, StringComparison.Ordinal); // a link: nothing waits
        Assert.Contains("Let a program in?", (await OpenAsync("none", IPAddress.Parse("127.0.2.1"))).Text, StringComparison.Ordinal);
        Assert.Contains("Let a program in?", (await OpenAsync("cross-site", IPAddress.Loopback)).Text, StringComparison.Ordinal);
        var key = NewKey();
        using var program = new PersonBrowser(_lab);
        var waiting = program.GetAsync($"https://tunnel.cloudflareaccess.test/cdn-cgi/access/transfer/{key}");
        while (!(await OpenAsync("none", key: key)).Text.Contains("The program is let in", StringComparison.Ordinal))
        {
            Assert.False(waiting.IsCompleted, "The program was told nothing while it waited.");
        }

        Assert.Equal(200, (await waiting).Status);

        async Task<BrowserPage> OpenAsync(string site, IPAddress? from = null, string? key = null)
        {
            key ??= NewKey();
            using var waits = from is null ? null : new PersonBrowser(_lab, from);
            _ = waits?.GetAsync($"https://tunnel.cloudflareaccess.test/cdn-cgi/access/transfer/{key}");
            return await browser.GetAsync(address + Uri.EscapeDataString(key), ("Sec-Fetch-Site", site));
        }
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

    private static string NewKey() => Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32))
        .Replace('+', '-').Replace('/', '_');

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

    private static (int, string?) Where(BrowserPage page) => (page.Status, page.Next?.AbsoluteUri);
}
