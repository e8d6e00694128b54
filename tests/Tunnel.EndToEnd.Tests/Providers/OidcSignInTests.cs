using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Tunnel.Access;
using Tunnel.Core.Client;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests;

/// <summary>People sign in by a real OpenID Connect provider.</summary>
public sealed partial class OidcSignInTests : IAsyncLifetime
{
    private const string Hostname = "people.example.test";
    private const string Team = "tunnel.cloudflareaccess.test";

    private readonly OriginListener _origin = new();
    private OidcServer _provider = null!;
    private EdgeLab _lab = null!;
    private HttpClient _outside = null!;

    public async ValueTask InitializeAsync()
    {
        _provider = await OidcServer.StartAsync();
        _lab = await EdgeLab.StartAsync(configure: options => options with { IdentityProviderAuthorities = [_provider.Certificate] });
#pragma warning disable CA5399 // It talks to the test's own provider only.
        _outside = new HttpClient(new HttpClientHandler
        {
            AllowAutoRedirect = false,
            ServerCertificateCustomValidationCallback = (_, certificate, _, _) => certificate?.Thumbprint == _provider.Certificate.Thumbprint,
        });
#pragma warning restore CA5399
        await _lab.ProtectAsync(Hostname, EdgeLab.Policy(AccessDecision.Allow, new EmailDomainRule("example.com")));
        await _lab.PublishAsync(Hostname, _origin.Url, connections: 1);
    }

    public async ValueTask DisposeAsync()
    {
        _outside.Dispose();
        await _lab.DisposeAsync();
        await _provider.DisposeAsync();
        await _origin.DisposeAsync();
    }

    [Fact]
    public async Task Whom_the_provider_vouches_for_gets_in()
    {
        await AddProviderAsync();
        using var browser = new PersonBrowser(_lab);

        var done = await ReturnAsync(browser, await GoToProviderAsync(browser));
        Assert.Equal(200, done.Status);
        await browser.FollowAsync(done);

        await using var stream = await AccessStream.ConnectAsync(new AccessClientOptions
        {
            Address = Hostname, ConnectTo = _lab.PublicAddress, CertificateAuthorities = _lab.Authorities, AppToken = browser.Token(Hostname),
        });
        await stream.WriteAsync("hello"u8.ToArray());
        await stream.ReadExactlyAsync(new byte[5]);
        var identity = JsonElement.Parse((await browser.GetAsync($"https://{Hostname}/cdn-cgi/access/get-identity")).Text);
        Assert.Equal("oidc", identity.GetProperty("idp").GetProperty("type").GetString());
        Assert.Equal("engineering", identity.GetProperty("oidc_fields").GetProperty("department").GetString());
    }

    [Fact]
    public async Task Whom_no_policy_lets_in_is_told_so_and_gets_no_session()
    {
        await AddProviderAsync();
        _provider.Email = "eve@elsewhere.test";
        using var browser = new PersonBrowser(_lab);

        Assert.Equal(403, (await ReturnAsync(browser, await GoToProviderAsync(browser))).Status);
        Assert.Empty(await _lab.Api.Users.ListAsync(_lab.Edge.AccountId).ToListAsync());
    }

    [Fact]
    public async Task An_address_that_is_not_verified_proves_nothing()
    {
        await AddProviderAsync();
        _provider.EmailIsVerified = false;
        using var browser = new PersonBrowser(_lab);

        Assert.Equal(403, (await ReturnAsync(browser, await GoToProviderAsync(browser))).Status);
    }

    /// <summary>Each is another address than alice@example.com, or kate@example.com, however much it looks like it.</summary>
    [Theory]
    [InlineData("\u212aate@example.com")]
    [InlineData("kate@exampl\u0435.com")]
    [InlineData("kate@example.com\r\nCf-Access-Authenticated-User-Email: alice@example.com")]
    [InlineData("kate@example.com ")]
    [InlineData("kate@example.com\0")]
    [InlineData("mallory@evil.example@example.com")]
    public async Task An_address_that_only_looks_like_another_one_is_not_that_one(string email)
    {
        await AddProviderAsync();
        _provider.Email = email;
        using var browser = new PersonBrowser(_lab);

        Assert.Equal(403, (await ReturnAsync(browser, await GoToProviderAsync(browser))).Status);
        Assert.Empty(await _lab.Api.Users.ListAsync(_lab.Edge.AccountId).ToListAsync());
        Assert.Equal(0, _origin.Connections);
    }

    [Fact]
    public async Task A_wrong_client_secret_signs_nobody_in()
    {
        await AddProviderAsync("not the secret");
        using var browser = new PersonBrowser(_lab);

        Assert.Equal(403, (await ReturnAsync(browser, await GoToProviderAsync(browser))).Status);
    }

    [Fact]
    public async Task The_providers_answer_is_taken_once_and_from_the_browser_that_asked()
    {
        await AddProviderAsync();
        using var attacker = new PersonBrowser(_lab);
        using var victim = new PersonBrowser(_lab);
        var answer = await AnswerAsync(await GoToProviderAsync(attacker));
        await GoToProviderAsync(victim);

        Assert.Equal(400, (await victim.GetAsync(answer.ToString())).Status);
        Assert.Equal(200, (await attacker.GetAsync(answer.ToString())).Status);
        Assert.Equal(400, (await attacker.GetAsync(answer.ToString())).Status);
    }

    private async Task AddProviderAsync(string secret = OidcServer.ClientSecret)
    {
        using var api = _lab.ApiHttp();
        using var response = await api.PostAsJsonAsync(new Uri($"accounts/{_lab.Edge.AccountId}/access/identity_providers", UriKind.Relative), new
        {
            name = "Example",
            type = "oidc",
            config = new
            {
                client_id = OidcServer.ClientId,
                client_secret = secret,
                auth_url = _provider.Address + "/authorize",
                token_url = _provider.Address + "/token",
                certs_url = _provider.Address + "/jwks",
                claims = new[] { "department" },
                pkce_enabled = true,
            },
        });
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>From the application to the address at the provider.</summary>
    private static async Task<Uri> GoToProviderAsync(PersonBrowser browser)
    {
        var login = await browser.OpenLoginAsync(Hostname);
        var link = Link().Match(login.Text);
        Assert.True(link.Success, login.Text);
        var begun = await browser.GetAsync($"https://{Team}{System.Net.WebUtility.HtmlDecode(link.Groups[1].Value)}");
        return begun.Next!;
    }

    private async Task<Uri> AnswerAsync(Uri address)
    {
        using var response = await _outside.GetAsync(address);
        return response.Headers.Location ?? throw new InvalidOperationException(await response.Content.ReadAsStringAsync());
    }

    private async Task<BrowserPage> ReturnAsync(PersonBrowser browser, Uri address) =>
        await browser.GetAsync((await AnswerAsync(address)).ToString());

    [GeneratedRegex("""href="(/cdn-cgi/access/oidc/[^"]+)">""")]
    private static partial Regex Link();
}
