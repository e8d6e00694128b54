using System.Runtime.Versioning;
using Tunnel.Core.Api;
using Tunnel.Core.Login;
using Tunnel.Protocol.Credentials;
using Tunnel.Testing;

namespace Tunnel.Core.Tests.Login;

public sealed class BrowserLoginTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private EdgeLab _lab = null!;
    private LoginPerson _person = null!;

    public async ValueTask InitializeAsync()
    {
        _lab = await EdgeLab.StartAsync();
        _person = new LoginPerson(_lab.Trusting(null));
    }

    public async ValueTask DisposeAsync()
    {
        _person.Dispose();
        await _lab.DisposeAsync();
        _directory.Dispose();
    }

    [Theory]
    [InlineData(null)]
    [InlineData(false)]
    public async Task A_certificate_arrives_and_is_its_owners_alone(bool? encrypted)
    {
        using var login = BrowserLogin.Begin(Options with { IsEncrypted = encrypted });
        var waiting = login.WaitAsync();

        var page = await _person.GetAsync(login.Link);
        Assert.Contains(login.Fingerprint, page.Text, StringComparison.Ordinal);
        await _person.AuthorizeAsync(login.Link, _lab.Edge.ApiToken, EdgeLab.Zone);

        var certificate = await waiting;
        Assert.Equal(certificate, OriginCertificate.Parse(await File.ReadAllTextAsync(CertificateFile)));
        Assert.Equal(_lab.Edge.AccountId, certificate.AccountId);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(CertificateFile));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
                File.GetUnixFileMode(Path.GetDirectoryName(CertificateFile)!));
        }

        using var api = new TunnelApiClient(new TunnelApiOptions
        {
            BaseAddress = _lab.Edge.ApiAddress, ApiToken = certificate.ApiToken, CertificateAuthorities = _lab.Authorities,
        });
        Assert.NotNull(await api.Tunnels.CreateAsync(certificate.AccountId, "made-with-it", new byte[32]));
    }

    [Fact]
    public async Task A_person_who_has_signed_in_before_the_program_asks_is_not_forgotten()
    {
        using var login = BrowserLogin.Begin(Options);
        await _person.AuthorizeAsync(login.Link, _lab.Edge.ApiToken, EdgeLab.Zone);

        Assert.Equal(_lab.Edge.AccountId, (await login.WaitAsync()).AccountId);
    }

    [Fact]
    public async Task A_no_in_the_browser_ends_the_wait_at_once()
    {
        using var login = BrowserLogin.Begin(Options);
        var waiting = login.WaitAsync();

        await _person.CancelAsync(login.Link, _lab.Edge.ApiToken);

        Assert.Equal(LoginError.Cancelled, (await Assert.ThrowsAsync<LoginException>(() => waiting)).Error);
        Assert.False(File.Exists(CertificateFile));
    }

    [Fact]
    public async Task A_certificate_that_is_there_is_refused_before_anybody_signs_in_and_replaced_when_asked()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(CertificateFile)!);
        await File.WriteAllTextAsync(CertificateFile, "precious");

        Assert.Equal(LoginError.CertificateExists, Assert.Throws<LoginException>(() => BrowserLogin.Begin(Options)).Error);
        Assert.Equal("precious", await File.ReadAllTextAsync(CertificateFile));

        using var login = BrowserLogin.Begin(Options with { Overwrite = true });
        await _person.AuthorizeAsync(login.Link, _lab.Edge.ApiToken, EdgeLab.Zone);
        await login.WaitAsync();
        Assert.Equal(_lab.Edge.AccountId, OriginCertificate.Parse(await File.ReadAllTextAsync(CertificateFile)).AccountId);
    }

    [Fact]
    public async Task An_empty_file_counts_as_none()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(CertificateFile)!);
        await File.WriteAllTextAsync(CertificateFile, "");
        using var login = BrowserLogin.Begin(Options);
        await _person.AuthorizeAsync(login.Link, _lab.Edge.ApiToken, EdgeLab.Zone);
        await login.WaitAsync();
        Assert.Equal(_lab.Edge.AccountId, OriginCertificate.Parse(await File.ReadAllTextAsync(CertificateFile)).AccountId);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_certificate_that_has_appeared_meanwhile_is_not_replaced_either(bool wasEmpty)
    {
        if (wasEmpty)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(CertificateFile)!);
            await File.WriteAllTextAsync(CertificateFile, "");
        }

        using var login = BrowserLogin.Begin(Options);
        await File.WriteAllTextAsync(CertificateFile, "precious");
        await _person.AuthorizeAsync(login.Link, _lab.Edge.ApiToken, EdgeLab.Zone);

        Assert.Equal(LoginError.CertificateExists, (await Assert.ThrowsAsync<LoginException>(() => login.WaitAsync())).Error);
        Assert.Equal("precious", await File.ReadAllTextAsync(CertificateFile));
        Assert.Equal([CertificateFile], Directory.GetFiles(Path.GetDirectoryName(CertificateFile)!));
    }

    [Fact]
    public async Task Waiting_ends_with_its_time_or_when_it_is_cancelled()
    {
        using (var login = BrowserLogin.Begin(Options with { Timeout = TimeSpan.FromMilliseconds(300) }))
        {
            await Assert.ThrowsAsync<TimeoutException>(() => login.WaitAsync());
        }

        using var other = BrowserLogin.Begin(Options);
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => other.WaitAsync(stop.Token));
    }

    [Fact]
    public async Task A_store_that_is_not_trusted_or_not_there_is_said_to_be_so()
    {
        using var untrusted = BrowserLogin.Begin(Options with { CertificateAuthorityFile = null });
        var error = await Assert.ThrowsAsync<LoginException>(() => untrusted.WaitAsync());
        Assert.Equal(LoginError.NotReached, error.Error);
        Assert.Contains("-CertificateAuthorityFile", error.Message, StringComparison.Ordinal);
        Assert.Throws<LoginException>(() => BrowserLogin.Begin(Options with { CallbackAddress = new Uri("http://127.0.0.1/") }));
    }

    [Fact]
    public void The_link_is_as_cloudflared_makes_it()
    {
        using var login = BrowserLogin.Begin(new BrowserLoginOptions { CertificateFile = CertificateFile });

        Assert.Matches(
            "^https://dash\\.cloudflare\\.com/argotunnel\\?aud=&callback=https%3A%2F%2Flogin\\.cloudflareaccess\\.org%2F[A-Za-z0-9_-]{43}%3D$",
            login.Link.AbsoluteUri);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task The_browser_is_given_the_link_where_there_is_a_screen()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "uses xdg-open");
        var seen = _directory.File("seen");
        var folder = Directory.CreateDirectory(_directory.File("programs")).FullName;
        var opener = Path.Combine(folder, "xdg-open");
        ScriptFile.Write(opener, $"#!/bin/sh\nprintf %s \"$1\" > '{seen}.part' && /bin/mv '{seen}.part' '{seen}'\n");
        using var blind = BrowserLogin.Begin(Options with { Variable = name => name == "PATH" ? folder : null });
        using var login = BrowserLogin.Begin(Options with { Variable = name => name == "PATH" ? folder : name == "DISPLAY" ? ":0" : null });

        Assert.False(blind.OpenBrowser());
        Assert.True(login.OpenBrowser());

        await Eventually.True(() => File.Exists(seen), "the link was opened");
        Assert.Equal(login.Link.AbsoluteUri, await File.ReadAllTextAsync(seen));
    }

    private string CertificateFile => Path.Combine(_directory.File("home"), "cert.pem");

    private BrowserLoginOptions Options => new()
    {
        LoginAddress = _lab.Edge.LoginAddress,
        CallbackAddress = _lab.Edge.CallbackAddress,
        CertificateAuthorityFile = _lab.Edge.CertificateAuthorityFile,
        CertificateFile = CertificateFile,
    };
}
