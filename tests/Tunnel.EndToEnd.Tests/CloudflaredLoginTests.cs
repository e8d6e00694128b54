using System.Net;
using System.Text.RegularExpressions;
using Tunnel.Core.Login;
using Tunnel.Protocol.Credentials;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests;

/// <summary>cloudflared's login against our edge. Skipped where it is not installed.</summary>
public sealed partial class CloudflaredLoginTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _home = new();
    private EdgeLab _lab = null!;
    private LoginPerson _person = null!;
    private ConnectProxy _proxy = null!;

    public async ValueTask InitializeAsync()
    {
        Cloudflared.SkipUnlessInstalled();
        _lab = await EdgeLab.StartAsync();
        _person = new LoginPerson(_lab.Trusting(null));
        _proxy = new ConnectProxy(new IPEndPoint(IPAddress.Loopback, _lab.Edge.ApiAddress.Port));
    }

    public async ValueTask DisposeAsync()
    {
        if (_lab is not null)
        {
            await _proxy.DisposeAsync();
            _person.Dispose();
            await _lab.DisposeAsync();
        }

        _home.Dispose();
    }

    [Fact]
    public async Task Its_login_gets_a_certificate_with_which_it_makes_lists_and_routes_tunnels()
    {
        await using var login = StartLogin();
        var page = await _person.AuthorizeAsync(await LinkAsync(login), _lab.Edge.ApiToken, EdgeLab.Zone);
        Assert.Equal("Authorized", page.Title);
        await Eventually.True(() => login.HasExited, "it ends");

        Assert.Contains("You have successfully logged in", login.Output, StringComparison.Ordinal);
        Assert.Equal(_lab.Edge.AccountId, OriginCertificate.Parse(await File.ReadAllTextAsync(Certificate)).AccountId);
        await AssertWorksAsync();
    }

    [Fact]
    public async Task It_ends_when_the_person_says_no()
    {
        await using var login = StartLogin();
        await _person.CancelAsync(await LinkAsync(login), _lab.Edge.ApiToken);
        await Eventually.True(() => login.HasExited, "it ends");

        Assert.Contains("Failed to fetch resource", login.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(Certificate));
    }

    [Fact]
    public async Task It_works_with_a_certificate_that_our_login_has_fetched()
    {
        using var login = BrowserLogin.Begin(new BrowserLoginOptions
        {
            LoginAddress = _lab.Edge.LoginAddress,
            CallbackAddress = _lab.Edge.CallbackAddress,
            CertificateAuthorityFile = _lab.Edge.CertificateAuthorityFile,
            CertificateFile = Certificate,
        });
        await _person.AuthorizeAsync(login.Link, _lab.Edge.ApiToken, EdgeLab.Zone);
        await login.WaitAsync();

        await AssertWorksAsync();
    }

    private string Certificate => Path.Combine(_home.FullName, ".cloudflared", "cert.pem");

    /// <summary>It fetches from a name of Cloudflare's whatever it is told: hence the proxy.</summary>
    private IReadOnlyDictionary<string, string> Variables => new Dictionary<string, string>(Cloudflared.Variables(_lab, _home))
    {
        ["HTTPS_PROXY"] = _proxy.Address.ToString(),
        // No browser of this machine's is to be found.
        ["PATH"] = _home.FullName,
    };

    private RunningProgram StartLogin() => Cloudflared.Start(
        ["tunnel", "login", "--loginURL", $"{_lab.Edge.LoginAddress}", "--callbackURL", $"{_lab.Edge.CallbackAddress}"], Variables);

    private static async Task<Uri> LinkAsync(RunningProgram login)
    {
        await Eventually.True(() => Link().IsMatch(login.Output), "it shows its link");
        return new Uri(Link().Match(login.Output).Value);
    }

    private async Task AssertWorksAsync()
    {
        Assert.Contains("Created tunnel mine", await RunAsync("create", "mine"), StringComparison.Ordinal);
        Assert.Contains("mine", await RunAsync("list"), StringComparison.Ordinal);
        Assert.Contains("Added CNAME", await RunAsync("route", "dns", "mine", "mine." + EdgeLab.Zone), StringComparison.Ordinal);
        Assert.Contains("does not have any active connection", await RunAsync("info", "mine"), StringComparison.Ordinal);
    }

    private async Task<string> RunAsync(params string[] arguments)
    {
        var result = await Cloudflared.RunAsync(
            ["tunnel", "--api-url", _lab.Edge.ApiAddress.ToString().TrimEnd('/'), .. arguments], Variables);
        Assert.True(result.ExitCode == 0, $"{string.Join(' ', arguments)}: {result.Output}{result.Error}");
        return result.Output + result.Error;
    }

    [GeneratedRegex(@"https://\S+/argotunnel\?\S+")]
    private static partial Regex Link();
}
