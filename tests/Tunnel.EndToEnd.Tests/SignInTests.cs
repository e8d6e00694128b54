using System.Net;
using System.Text.Json;
using Tunnel.Access;
using Tunnel.Core.Api;
using Tunnel.Core.Client;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests;

/// <summary>People sign in by a one-time PIN, through the edge's own pages, and in no other way.</summary>
public sealed class SignInTests : IAsyncLifetime
{
    private const string Hostname = "people.example.test";
    private const string Other = "other.example.test";
    private const string Team = "tunnel.cloudflareaccess.test";
    private const string Alice = "alice@example.com";

    private readonly OriginListener _origin = new();
    private EdgeLab _lab = null!;
    private AccessApplication _application = null!;

    public async ValueTask InitializeAsync()
    {
        _lab = await EdgeLab.StartAsync();
        _application = await _lab.ProtectAsync(Hostname, EdgeLab.Policy(AccessDecision.Allow, new EmailDomainRule("example.com")));
        await _lab.PublishAsync(Hostname, _origin.Url, connections: 1);
    }

    public async ValueTask DisposeAsync()
    {
        await _lab.DisposeAsync();
        await _origin.DisposeAsync();
    }

    [Fact]
    public async Task Who_has_the_PIN_is_sent_back_to_where_they_were_and_gets_in()
    {
        using var browser = new PersonBrowser(_lab);

        var done = await browser.EnterPinAsync(await browser.OpenLoginAsync(Hostname, "/a/b?c=d"), Alice);
        var back = await browser.FollowAsync(done);

        Assert.Equal((200, 302, $"https://{Hostname}/a/b?c=d"), (done.Status, back.Status, back.Next!.ToString()));
        await using var stream = await VisitAsync(browser.Token(Hostname));
        await EchoAsync(stream);
    }

    [Fact]
    public async Task The_token_says_who_it_is_and_names_the_session()
    {
        using var browser = new PersonBrowser(_lab);

        var claims = Claims(await browser.SignInAsync(Hostname, Alice));
        var identity = JsonElement.Parse((await browser.GetAsync($"https://{Hostname}/cdn-cgi/access/get-identity")).Text);

        Assert.Equal(Alice, claims.GetProperty("email").GetString());
        Assert.Equal("app", claims.GetProperty("type").GetString());
        Assert.Equal(_application.Aud, claims.GetProperty("aud")[0].GetString());
        Assert.Equal(identity.GetProperty("user_uuid").GetString(), claims.GetProperty("sub").GetString());
        Assert.Equal("onetimepin", identity.GetProperty("idp").GetProperty("type").GetString());
        var user = await _lab.Api.Users.ListAsync(_lab.Edge.AccountId).SingleAsync();
        var session = await _lab.Api.Users.ListSessionsAsync(_lab.Edge.AccountId, user.Id).SingleAsync();
        Assert.Equal((Alice, claims.GetProperty("identity_nonce").GetString()), (user.Email, session.Metadata!.Nonce));
        Assert.Equal(Hostname, session.Metadata.Apps![_application.Aud!].Hostname);
    }

    [Fact]
    public async Task A_second_application_asks_for_no_second_sign_in()
    {
        await _lab.ProtectAsync(Other, EdgeLab.Policy(AccessDecision.Allow, new EmailRule(Alice)));
        using var browser = new PersonBrowser(_lab);
        await browser.SignInAsync(Hostname, Alice);

        var login = await browser.OpenLoginAsync(Other);

        Assert.Equal((302, Other, "/cdn-cgi/access/authorized"), (login.Status, login.Next!.Host, login.Next.AbsolutePath));
        await browser.FollowAsync(login);
        Assert.NotEqual(browser.Token(Hostname), browser.Token(Other));
    }

    [Fact]
    public async Task An_application_that_does_not_let_the_person_in_says_so()
    {
        await _lab.ProtectAsync(Other, EdgeLab.Policy(AccessDecision.Allow, new EmailRule("bob@example.com")));
        using var browser = new PersonBrowser(_lab);
        await browser.SignInAsync(Hostname, Alice);

        var login = await browser.OpenLoginAsync(Other);

        Assert.Equal(403, login.Status);
        Assert.Contains("alice@example.com", WebUtility.HtmlDecode(login.Text), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_can_see_whether_an_address_would_get_in()
    {
        using var insider = new PersonBrowser(_lab);
        using var outsider = new PersonBrowser(_lab);

        var (known, unknown) = (await AskAsync(insider, Alice), await AskAsync(outsider, "eve@elsewhere.test"));

        Assert.Equal(known.Status, unknown.Status);
        Assert.Equal(Plain(known, Alice), Plain(unknown, "eve@elsewhere.test"));
        await Eventually.True(() => PersonBrowser.Mail(_lab).Length > 0, "the mail for the one who may");
        Assert.Contains(Alice, Assert.Single(PersonBrowser.Mail(_lab)), StringComparison.Ordinal);

        static string Plain(BrowserPage page, string email) => System.Text.RegularExpressions.Regex.Replace(
            WebUtility.HtmlDecode(page.Text).Replace(email, "", StringComparison.Ordinal), "(value|href)=\"[^\"]*\"", "");
    }

    [Fact]
    public async Task A_PIN_is_good_once_and_in_the_browser_that_asked_for_it()
    {
        using var browser = new PersonBrowser(_lab);
        using var thief = new PersonBrowser(_lab);
        var asked = await AskAsync(browser, Alice);
        await Eventually.True(() => PersonBrowser.Mail(_lab).Length > 0, "the PIN");
        var pin = PersonBrowser.PinOf(PersonBrowser.Mail(_lab)[0]);
        var stolen = await AskAsync(thief, "bob@example.com");

        Assert.Equal(403, (await thief.PostAsync(stolen, ("code", pin))).Status);
        Assert.Equal(200, (await browser.PostAsync(asked, ("code", pin))).Status);
        Assert.Equal(400, (await browser.PostAsync(asked, ("code", pin))).Status);
    }

    [Fact]
    public async Task Five_wrong_codes_end_a_PIN()
    {
        using var browser = new PersonBrowser(_lab);
        var asked = await AskAsync(browser, Alice);
        await Eventually.True(() => PersonBrowser.Mail(_lab).Length > 0, "the PIN");
        var pin = PersonBrowser.PinOf(PersonBrowser.Mail(_lab)[0]);
        var wrong = pin == "000000" ? "000001" : "000000";

        for (var i = 0; i < 5; i++)
        {
            await browser.PostAsync(asked, ("code", wrong));
        }

        Assert.Equal(400, (await browser.PostAsync(asked, ("code", pin))).Status);
    }

    [Fact]
    public async Task Too_many_codes_for_one_address_are_refused()
    {
        using var browser = new PersonBrowser(_lab);
        for (var i = 0; i < 4; i++)
        {
            await AskAsync(browser, Alice);
        }

        Assert.Equal(429, (await browser.PostAsync(await browser.OpenLoginAsync(Hostname), ("email", Alice))).Status);
    }

    [Fact]
    public async Task A_form_that_another_site_posts_is_refused()
    {
        using var browser = new PersonBrowser(_lab);
        var login = await browser.OpenLoginAsync(Hostname);

        Assert.Equal(400, (await browser.PostAsync(login, ("email", Alice), ("form_token", "AAAA"))).Status);
        Assert.Empty(PersonBrowser.Mail(_lab));
    }

    [Fact]
    public async Task A_finished_sign_in_is_of_no_use_in_another_browser()
    {
        using var attacker = new PersonBrowser(_lab);
        using var victim = new PersonBrowser(_lab);
        await victim.GetAsync($"https://{Hostname}/");

        var done = await attacker.EnterPinAsync(await attacker.OpenLoginAsync(Hostname), Alice);

        Assert.Equal(400, (await victim.GetAsync(done.Next!.ToString())).Status);
        Assert.Throws<InvalidOperationException>(() => victim.Token(Hostname));
        Assert.Equal(400, (await attacker.FollowAsync(done)).Status); // spent
    }

    [Theory]
    [InlineData("/cdn-cgi/access/login/evil.test?kid={0}&redirect_url=/")]
    [InlineData("/cdn-cgi/access/login/evil.test?kid={0}&meta={1}")]
    [InlineData("/cdn-cgi/access/login/people.example.test?meta={1}x")]
    [InlineData("/cdn-cgi/access/login/people.example.test?kid=unknown&redirect_url=https://evil.test/")]
    public async Task The_sign_in_leads_to_hosts_of_applications_only(string address)
    {
        using var browser = new PersonBrowser(_lab);
        var login = await browser.GetAsync($"https://{Hostname}/");
        var state = login.Next!.Query.Split("meta=")[1];

        var page = await browser.GetAsync($"https://{Team}" + string.Format(System.Globalization.CultureInfo.InvariantCulture, address, _application.Aud, state));

        Assert.Equal((400, null), (page.Status, page.Next));
    }

    [Theory]
    [InlineData("evil.test%3F.example.test")]
    [InlineData("evil.test%23.example.test")]
    [InlineData("evil.test%5C.example.test")]
    [InlineData("a@evil.test:1%3F.example.test")]
    public async Task What_only_ends_like_a_wildcard_applications_host_is_none(string hostname)
    {
        var wildcard = await _lab.ProtectAsync("*.example.test", EdgeLab.Policy(AccessDecision.Allow, new EveryoneRule()));
        using var browser = new PersonBrowser(_lab);

        var page = await browser.GetAsync($"https://{Team}/cdn-cgi/access/login/{hostname}?kid={wildcard.Aud}&redirect_url=/");

        Assert.Equal((400, null), (page.Status, page.Next));
    }

    [Fact]
    public async Task A_path_with_two_slashes_does_not_lead_to_another_host()
    {
        using var browser = new PersonBrowser(_lab);

        var done = await browser.EnterPinAsync(await browser.OpenLoginAsync(Hostname, "//evil.test/x"), Alice);
        var back = await browser.FollowAsync(done);

        Assert.Equal(Hostname, back.Next!.Host);
    }

    [Fact]
    public async Task The_organisations_token_opens_no_application_and_one_application_no_other()
    {
        await _lab.ProtectAsync(Other, EdgeLab.Policy(AccessDecision.Allow, new EmailRule(Alice)));
        await _lab.PublishAsync(Other, _origin.Url, connections: 1);
        using var browser = new PersonBrowser(_lab);
        var token = await browser.SignInAsync(Hostname, Alice);
        var before = _origin.Connections;

        await Assert.ThrowsAsync<AccessDeniedException>(() => VisitAsync(browser.Token(Team)));
        await Assert.ThrowsAsync<AccessDeniedException>(() => VisitAsync(token, Other));
        Assert.Equal(before, _origin.Connections);
    }

    [Fact]
    public async Task Signing_out_ends_the_session_in_every_application()
    {
        using var browser = new PersonBrowser(_lab);
        var token = await browser.SignInAsync(Hostname, Alice);

        Assert.Equal(200, (await browser.GetAsync($"https://{Team}/cdn-cgi/access/logout")).Status);

        await Assert.ThrowsAsync<AccessDeniedException>(() => VisitAsync(token));
        Assert.Equal(200, (await browser.OpenLoginAsync(Hostname)).Status); // asked again
    }

    [Fact]
    public async Task Programs_find_the_application_and_exchange_the_organisations_token()
    {
        using var person = new PersonBrowser(_lab);
        await person.SignInAsync(Hostname, Alice);
        using var program = _lab.Browser();
        using var asking = new HttpRequestMessage(HttpMethod.Head, $"https://{Hostname}/") { Headers = { { "cf-access-metadata-request", "true" } } };
        using var answer = await program.SendAsync(asking);
        var metadata = Claims(answer.Headers.GetValues("cf-access-metadata").Single());
        Assert.Equal(("match", _application.Aud, Team, Hostname), (
            metadata.GetProperty("type").GetString(), metadata.GetProperty("aud").GetString(),
            metadata.GetProperty("auth_domain").GetString(), metadata.GetProperty("hostname").GetString()));

        // As cloudflared does it (token/token.go, exchangeOrgToken): HEAD all the way, each cookie by hand.
        using var first = await HeadAsync(new Uri($"https://{Hostname}/"), null);
        var binding = Cookie(first, "CF_AppSession");
        using var login = await HeadAsync(first.Headers.Location!, "CF_Authorization=" + person.Token(Team));
        using var authorized = await HeadAsync(login.Headers.Location!, "CF_AppSession=" + binding);
        await using var stream = await VisitAsync(Cookie(authorized, "CF_Authorization"));
        await EchoAsync(stream);

        async Task<HttpResponseMessage> HeadAsync(Uri address, string? cookie)
        {
            using var request = new HttpRequestMessage(HttpMethod.Head, address);
            request.Headers.TryAddWithoutValidation("Cookie", cookie);
            return await program.SendAsync(request);
        }
    }

    private static string Cookie(HttpResponseMessage response, string name) => response.Headers.GetValues("Set-Cookie")
        .Single(c => c.StartsWith(name + "=", StringComparison.Ordinal)).Split('=', ';')[1];

    private static JsonElement Claims(string token) =>
        JsonElement.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[1]));

    private static async Task EchoAsync(AccessStream stream)
    {
        await stream.WriteAsync("hello"u8.ToArray());
        var answer = new byte[5];
        await stream.ReadExactlyAsync(answer);
        Assert.Equal("hello"u8, answer);
    }

    private static async Task<BrowserPage> AskAsync(PersonBrowser browser, string email) =>
        await browser.FollowAsync(await browser.PostAsync(await browser.OpenLoginAsync(Hostname), ("email", email)));

    private Task<AccessStream> VisitAsync(string token, string hostname = Hostname) => AccessStream.ConnectAsync(new AccessClientOptions
    {
        Address = hostname,
        ConnectTo = _lab.PublicAddress,
        CertificateAuthorities = _lab.Authorities,
        AppToken = token,
    });
}
