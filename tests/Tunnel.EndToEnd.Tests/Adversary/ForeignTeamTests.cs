using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Tunnel.Access;
using Tunnel.Core.Api;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests.Adversary;

/// <summary>
/// Another account, of the same name and with an application of the same hostname, at another edge: what it gave out, and
/// what its keys sign, opens nothing here.
/// </summary>
public sealed class ForeignTeamTests : IAsyncLifetime
{
    private const string Host = "ssh.example.test";
    private const string Team = "tunnel.cloudflareaccess.test";
    private const string Alice = "alice@example.com";

    private readonly OriginListener _origin = new();
    private EdgeLab _lab = null!;
    private EdgeLab _foreign = null!;
    private AccessApplication _application = null!;
    private AccessApplication _foreignApplication = null!;
    private ServiceToken _machine = null!;
    private ServiceToken _foreignMachine = null!;

    public async ValueTask InitializeAsync()
    {
        (_lab, _foreign) = (await EdgeLab.StartAsync(), await EdgeLab.StartAsync());
        (_application, _machine) = await ProtectAsync(_lab);
        (_foreignApplication, _foreignMachine) = await ProtectAsync(_foreign);
        await _lab.PublishAsync(Host, _origin.Url, connections: 1);
        await _foreign.PublishAsync(Host, "http_status:204", connections: 1);
    }

    public async ValueTask DisposeAsync()
    {
        await _lab.DisposeAsync();
        await _foreign.DisposeAsync();
        await _origin.DisposeAsync();
    }

    [Fact]
    public async Task A_service_token_of_another_account_opens_nothing()
    {
        Assert.Equal(101, await VisitAsync(Credentials(_machine.ClientId!, _machine.ClientSecret!)));

        await AssertRefusedAsync(Credentials(_foreignMachine.ClientId!, _foreignMachine.ClientSecret!));
        await AssertRefusedAsync(Credentials(_machine.ClientId!, _foreignMachine.ClientSecret!));
        await AssertRefusedAsync(Credentials(_foreignMachine.ClientId!, _machine.ClientSecret!));
    }

    [Fact]
    public async Task What_another_account_signed_for_a_machine_or_a_person_opens_nothing()
    {
        using var person = new PersonBrowser(_foreign);
        var application = await person.SignInAsync(Host, Alice);
        string[] foreign = [application, person.Token(Team), await _foreign.EarnTokenAsync(Host, _foreignMachine)];

        foreach (var token in foreign)
        {
            await AssertRefusedAsync("Cf-Access-Token: " + token);
            await AssertRefusedAsync("Cookie: CF_Authorization=" + token);
        }
    }

    /// <summary>The claims are right to the letter; only the key is another team's, under its own id or under this team's.</summary>
    [Fact]
    public async Task Another_teams_key_signs_no_token_of_this_one_whatever_key_it_names()
    {
        using var person = new PersonBrowser(_lab);
        var own = await person.SignInAsync(Host, Alice);
        Assert.Equal(101, await VisitAsync("Cf-Access-Token: " + own));
        using var foreign = TokenSigner.OfEdge(_foreign, await _foreign.EarnTokenAsync(Host, _foreignMachine));
        foreach (var token in (string[])[own, await _lab.EarnTokenAsync(Host, _machine)])
        {
            var claims = TokenSigner.ClaimsOf(token);
            await AssertRefusedAsync("Cf-Access-Token: " + foreign.Sign(claims));
            await AssertRefusedAsync("Cf-Access-Token: " + foreign.Sign(claims, TokenSigner.HeaderOf(token)));
            await AssertRefusedAsync("Cf-Access-Token: " + token[..token.LastIndexOf('.')] + "." + foreign.Sign(claims).Split('.')[2]);
        }
    }

    [Fact]
    public async Task A_session_of_another_account_signs_nobody_in_at_this_team_domain()
    {
        using var person = new PersonBrowser(_foreign);
        await person.SignInAsync(Host, Alice);
        using var thief = new PersonBrowser(_lab);
        thief.Cookies.Add(new Uri($"https://{Team}/"), new Cookie("CF_Authorization", person.Token(Team)));

        var login = await thief.OpenLoginAsync(Host);

        Assert.Equal((200, null), (login.Status, login.Next)); // asked who they are
        Assert.Equal(400, (await thief.GetAsync($"https://{Team}/cdn-cgi/access/get-identity")).Status);
        Assert.Equal(0, _origin.Connections);
    }

    [Fact]
    public async Task A_sign_in_that_was_begun_or_finished_at_another_account_is_none_here()
    {
        using var abroad = new PersonBrowser(_foreign);
        var begun = await abroad.GetAsync($"https://{Host}/");
        var done = await abroad.EnterPinAsync(await abroad.FollowAsync(begun), Alice);
        using var here = new PersonBrowser(_lab);
        await here.GetAsync($"https://{Host}/");
        foreach (var name in (string[])["CF_AppSession", "__Host-CF_AppSession"])
        {
            here.Cookies.Add(new Uri($"https://{Host}/"), new Cookie(name, abroad.Cookies.GetCookies(new Uri($"https://{Host}/"))[name]!.Value));
        }

        Assert.Equal(400, (await here.GetAsync(done.Next!.ToString())).Status); // its code
        var state = begun.Next!.Query.Split("meta=")[1];
        foreach (var aud in (string[])[_application.Aud!, _foreignApplication.Aud!])
        {
            // Its state is not read; what is left asks for a sign-in of this account's, or leads nowhere.
            var page = await here.GetAsync($"https://{Team}/cdn-cgi/access/login/{Host}?kid={aud}&meta={state}");
            Assert.True(page.Status is 400 or 302, $"{page.Status}");
            Assert.DoesNotContain(state, page.Next?.ToString() ?? "", StringComparison.Ordinal);
        }

        Assert.Throws<InvalidOperationException>(() => here.Token(Host));
        Assert.Equal(0, _origin.Connections);
    }

    [Fact]
    public async Task A_PIN_of_another_account_is_none_here()
    {
        using var abroad = new PersonBrowser(_foreign);
        await abroad.FollowAsync(await abroad.PostAsync(await abroad.OpenLoginAsync(Host), ("email", Alice)));
        await Eventually.True(() => PersonBrowser.Mail(_foreign).Length > 0, "the PIN");
        var pin = PersonBrowser.PinOf(PersonBrowser.Mail(_foreign)[0]);
        using var here = new PersonBrowser(_lab);
        var waiting = await here.FollowAsync(await here.PostAsync(await here.OpenLoginAsync(Host), ("email", Alice)));

        // In the browser that waits here it is a wrong one, and with the other's ticket there is nothing that waits.
        await Eventually.True(() => PersonBrowser.Mail(_lab).Length > 0, "this account's PIN");
        Assert.Equal(pin == PersonBrowser.PinOf(PersonBrowser.Mail(_lab)[0]) ? 200 : 403, (await here.PostAsync(waiting, ("code", pin))).Status);
        here.Cookies.SetCookies(new Uri($"https://{Team}/"),
            $"__Host-CF_Pin={abroad.Cookies.GetCookies(new Uri($"https://{Team}/"))["__Host-CF_Pin"]!.Value}; Secure; Path=/");
        Assert.Equal(400, (await here.PostAsync(waiting, ("code", pin))).Status);
        Assert.Equal(0, _origin.Connections);
    }

    [Fact]
    public async Task Another_accounts_token_is_signed_no_certificate()
    {
        await _lab.Api.SshAuthorities.CreateAsync(_lab.Edge.AccountId, _application.Id);
        using var person = new PersonBrowser(_foreign);
        using var http = _lab.Browser();
        using var body = new StringContent(new JsonObject
        {
            ["public_key"] = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJdD7y3aLq454yWBdwLWbieU1ebz9/cu7/QEXn9OIeZJ",
            ["jwt"] = await person.SignInAsync(Host, Alice), ["issuer"] = "https://" + Team,
        }.ToJsonString(), Encoding.UTF8, "application/json");

        using var response = await http.PostAsync(new Uri($"https://{Team}/cdn-cgi/access/cert_sign"), body);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    private static async Task<(AccessApplication Application, ServiceToken Machine)> ProtectAsync(EdgeLab lab)
    {
        var machine = await lab.Api.ServiceTokens.CreateAsync(lab.Edge.AccountId, "machine");
        return (await lab.ProtectAsync(Host,
            EdgeLab.Policy(AccessDecision.Allow, new EmailDomainRule("example.com")),
            EdgeLab.Policy(AccessDecision.NonIdentity, new AnyValidServiceTokenRule())), machine);
    }

    private static string Credentials(string id, string secret) => $"CF-Access-Client-Id: {id}\r\nCF-Access-Client-Secret: {secret}";

    private Task<int> VisitAsync(string header) =>
        RawVisitor.SendAsync(_lab, Host, $"GET / HTTP/1.1\r\nHost: {Host}\r\n{header}\r\n{RawVisitor.Upgrade}\r\n");

    private async Task AssertRefusedAsync(string header)
    {
        var before = _origin.Connections;
        var status = await VisitAsync(header);
        Assert.True(status is 302 or 401 or 403, $"{header}: {status}");
        Assert.Equal(before, _origin.Connections);
    }
}
