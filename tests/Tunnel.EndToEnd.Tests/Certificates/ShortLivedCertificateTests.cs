using System.Runtime.Versioning;
using Tunnel.Access;
using Tunnel.Core.Api;
using Tunnel.Core.Ssh;
using Tunnel.Protocol.Ssh;
using Tunnel.EndToEnd.Tests.Visitors;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests.Certificates;

/// <summary>
/// A real sshd that knows an authority and no key, behind the tunnel and Access: real ssh gets in by a certificate that is
/// signed on the way, with a config that we wrote.
/// </summary>
[UnsupportedOSPlatform("windows")]
public sealed class ShortLivedCertificateTests : IAsyncLifetime
{
    private const string Hostname = "ssh.example.test";
    private const string Other = "other.example.test";

    private readonly TemporaryDirectory _home = new();
    private readonly ShiftedTime _time = new();
    private EdgeLab _lab = null!;
    private SshServer _server = null!;
    private AccessApplication _application = null!;

    // sshd compares the principal with the user to log in as: the one who runs the tests.
    private static string Insider => Environment.UserName + "@example.com";

    private string TokenFile => _home.File("token");

    private string Config => _home.File("ssh_config");

    private string Key => _home.File(Hostname + "-cf_key");

    public async ValueTask InitializeAsync()
    {
        _lab = await EdgeLab.StartAsync(
            _time, options => options with { TeamDomain = "tunnel.cloudflareaccess.com" }); // cloudflared takes no other domain
        _application = await _lab.ProtectAsync(Hostname, EdgeLab.Policy(AccessDecision.Allow, new EmailDomainRule("example.com")));
        var authority = await _lab.Api.SshAuthorities.CreateAsync(_lab.Edge.AccountId, _application.Id);
        _server = await SshServer.StartAsync(authority.PublicKey);
        await _lab.PublishAsync(Hostname, _server.Url, connections: 1);
        new SshConfigFile(Config).Register(Host);
    }

    public async ValueTask DisposeAsync()
    {
        if (_lab is not null)
        {
            await _lab.DisposeAsync();
        }

        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _home.Dispose();
    }

    [Fact]
    public async Task Ssh_logs_in_by_a_certificate_that_is_signed_on_the_way()
    {
        await SignInAsync(Insider);

        var result = await SshAsync("echo inside");

        Assert.True((result.ExitCode, result.Output) == (0, "inside\n"), result.ToString());
        Assert.Contains($"Accepted publickey for {Environment.UserName}", _server.Log, StringComparison.Ordinal);
        Assert.Contains($"ID {Insider} (serial ", _server.Log, StringComparison.Ordinal);
        foreach (var file in (string[])[Key, Key + ".pub", Key + "-cert.pub"])
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }

        var shown = await ProcessResult.RunAsync("ssh-keygen", ["-L", "-f", Key + "-cert.pub"]);
        Assert.Contains($"Key ID: \"{Insider}\"", shown.Output, StringComparison.Ordinal);
        Assert.Contains("permit-pty", shown.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ssh_sftp_and_an_alias_use_the_same_lines()
    {
        await SignInAsync(Insider);
        new SshConfigFile(Config).Unregister(Hostname);
        new SshConfigFile(Config).Register(Host with { Name = "prod" });

        var copied = await ProcessResult.RunAsync(
            "sftp", ["-F", Config, "-b", "-", "prod"], environment: Variables, input: $"get {Config} {_home.File("copy")}\n");

        Assert.True(copied.ExitCode == 0, copied.Error);
        Assert.Equal(await File.ReadAllTextAsync(Config), await File.ReadAllTextAsync(_home.File("copy")));
        new SshConfigFile(Config).Unregister("prod");
        Assert.Equal("", await File.ReadAllTextAsync(Config));
    }

    [Fact]
    public async Task Ten_sessions_at_once_share_one_certificate()
    {
        await SignInAsync(Insider);

        var results = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => SshAsync($"echo {i}")));

        Assert.All(results, (result, i) => Assert.True((result.ExitCode, result.Output) == (0, $"{i}\n"), result.ToString()));
        Assert.Single(await LogAsync());
    }

    [Fact]
    public async Task A_wrong_principal_is_refused_by_sshd()
    {
        await SignInAsync("alice@example.com");

        await AssertRefusedAsync(await SshAsync("echo inside"), "name is not a listed principal");
    }

    [Fact]
    public async Task An_expired_certificate_is_refused_by_sshd()
    {
        _time.Offset = TimeSpan.FromMinutes(-10);
        await SignInAsync(Insider);

        await AssertRefusedAsync(await SshAsync("echo inside"), "Certificate invalid: expired");
    }

    [Fact]
    public async Task A_certificate_of_another_application_is_refused_by_sshd()
    {
        var other = await _lab.ProtectAsync(Other, EdgeLab.Policy(AccessDecision.Allow, new EmailDomainRule("example.com")));
        await _lab.Api.SshAuthorities.CreateAsync(_lab.Edge.AccountId, other.Id);
        await SignInAsync(Insider, Other);
        Assert.Equal(0, (await GenerateAsync(Other)).ExitCode);
        await SignInAsync(Insider);

        await AssertRefusedAsync(await SshWithAsync(_home.File(Other + "-cf_key")), "Failed publickey");
    }

    [Fact]
    public async Task A_certificate_of_an_authority_that_was_replaced_is_refused_by_sshd()
    {
        await SignInAsync(Insider);
        Assert.Equal(0, (await GenerateAsync()).ExitCode);
        await _lab.Api.SshAuthorities.DeleteAsync(_lab.Edge.AccountId, _application.Id);
        var successor = await _lab.Api.SshAuthorities.CreateAsync(_lab.Edge.AccountId, _application.Id);
        await File.WriteAllTextAsync(_server.AuthorityFile, successor.PublicKey + "\n");

        await AssertRefusedAsync(await SshWithAsync(Key), "Failed publickey"); // it would be good for minutes yet

        Assert.Equal(0, (await GenerateAsync(Hostname, "--force")).ExitCode);
        Assert.Equal("inside\n", (await SshWithAsync(Key)).Output);
    }

    [Fact]
    public async Task Who_has_not_signed_in_is_asked_to_and_nothing_is_signed()
    {
        await using var ssh = new RunningProgram("ssh", ["-F", Config, "-o", "BatchMode=yes", Hostname, "echo inside"], Variables);

        await ProgramLogin.LinkAsync(ssh);

        Assert.False(ssh.HasExited);
        Assert.False(File.Exists(Key));
        Assert.Empty(await LogAsync());
    }

    [Fact]
    public async Task A_certificate_is_kept_for_as_long_as_it_is_good_and_force_makes_another()
    {
        await SignInAsync(Insider);
        await GenerateAsync();
        var first = SshCertificate.Parse(await File.ReadAllTextAsync(Key + "-cert.pub"));
        await GenerateAsync();
        var kept = SshCertificate.Parse(await File.ReadAllTextAsync(Key + "-cert.pub"));
        await GenerateAsync(Hostname, "--force");
        var forced = SshCertificate.Parse(await File.ReadAllTextAsync(Key + "-cert.pub"));

        Assert.Equal(first.Content.Serial, kept.Content.Serial);
        Assert.NotEqual(first.Content.Serial, forced.Content.Serial);
        Assert.NotEqual(first.Content.Key.Fingerprint, forced.Content.Key.Fingerprint);
        Assert.Equal(forced.Content.Key.Fingerprint, SshPublicKey.Parse(await File.ReadAllTextAsync(Key + ".pub")).Fingerprint);
    }

    [Fact]
    public async Task What_the_edge_refuses_is_said_in_one_line_and_leaves_no_file()
    {
        await SignInAsync(Insider);
        await _lab.Api.SshAuthorities.DeleteAsync(_lab.Edge.AccountId, _application.Id);

        var result = await GenerateAsync();

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("New-SshCertificateAuthority", result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.DoesNotContain(await File.ReadAllTextAsync(TokenFile), result.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Key + "-cert.pub"));
    }

    [Fact]
    public async Task Cloudflareds_ssh_gen_gets_a_certificate_that_sshd_takes()
    {
        Cloudflared.SkipUnlessInstalled();
        await SignInAsync(Insider);
        var folder = Directory.CreateDirectory(_home.File(".cloudflared")).FullName;
        File.Copy(TokenFile, Path.Combine(folder, $"{Hostname}-{_application.Aud}-token"));
        await using var proxy = new ConnectProxy(_lab.Edge.PublicEndPoint);

        var made = await Cloudflared.RunAsync(["access", "ssh-gen", "--hostname", Hostname],
            new Dictionary<string, string>(Cloudflared.Variables(_lab, _home)) { ["HTTPS_PROXY"] = proxy.Address.ToString() });

        Assert.True(made.ExitCode == 0, made.ToString());
        // Its files are ours: where they are good, nothing is signed again.
        new SshConfigFile(Config).Register(Host with { CertificateFolder = folder });
        var result = await SshAsync("echo inside");
        Assert.True((result.ExitCode, result.Output) == (0, "inside\n"), result.ToString());
        Assert.Single(await LogAsync());
    }

    private SshHost Host => new()
    {
        Name = Hostname,
        Hostname = Hostname,
        AgentPath = AgentProgram.Path,
        User = Environment.UserName,
        UserKnownHostsFile = _server.KnownHostsFile,
        StrictHostKeyChecking = "yes",
        ConnectTo = $"{_lab.PublicAddress.Host}:{_lab.PublicAddress.Port}",
        CertificateAuthorityFile = _lab.Edge.CertificateAuthorityFile,
        ShortLivedCertificate = true,
        CertificateFolder = _home.FullName,
    };

    private string ProxyCommand => $"'{AgentProgram.Path}' access ssh --hostname {Hostname} --connect-to {Host.ConnectTo} " +
        $"--cacert {_lab.Edge.CertificateAuthorityFile}";

    private Dictionary<string, string> Variables => File.Exists(TokenFile)
        ? new() { ["TUNNEL_APP_TOKEN_FILE"] = TokenFile } : [];

    private async Task SignInAsync(string email, string hostname = Hostname)
    {
        using var browser = new PersonBrowser(_lab);
        var token = await browser.SignInAsync(hostname, email);
        await using var file = new FileStream(TokenFile, new FileStreamOptions
        {
            Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        await file.WriteAsync(System.Text.Encoding.ASCII.GetBytes(token));
    }

    private Task<ProcessResult> SshAsync(string command) => ProcessResult.RunAsync(
        "ssh", ["-F", Config, "-o", "BatchMode=yes", Hostname, command], environment: Variables);

    /// <summary>With that key's certificate, whatever the config says.</summary>
    private Task<ProcessResult> SshWithAsync(string key) => ProcessResult.RunAsync("ssh",
    [
        "-F", "none", "-i", key, "-o", $"UserKnownHostsFile={_server.KnownHostsFile}", "-o", $"CertificateFile={key}-cert.pub", "-o", "IdentitiesOnly=yes",
        "-o", "BatchMode=yes", "-o", $"ProxyCommand={ProxyCommand}", Environment.UserName + "@elsewhere", "echo inside",
    ], environment: Variables);

    private Task<ProcessResult> GenerateAsync(string hostname = Hostname, params string[] more) => ProcessResult.RunAsync(
        AgentProgram.Path,
        [
            "access", "ssh-gen", "--hostname", hostname, "--folder", _home.FullName, "--connect-to", Host.ConnectTo!,
            "--cacert", _lab.Edge.CertificateAuthorityFile, .. more,
        ], environment: Variables);

    private async Task AssertRefusedAsync(ProcessResult result, string why)
    {
        Assert.Equal((255, ""), (result.ExitCode, result.Output));
        Assert.Contains("Permission denied (publickey)", result.Error, StringComparison.Ordinal);
        await Eventually.True(() => _server.Log.Contains(why, StringComparison.Ordinal), "sshd says why: " + why);
        Assert.DoesNotContain("Accepted", _server.Log, StringComparison.Ordinal);
    }

    private async Task<AccessLogEntry[]> LogAsync()
    {
        var entries = await _lab.Api.AccessLog.GetAsync(_lab.Edge.AccountId, new AccessLogFilter(), 100);
        return [.. entries.Where(e => e.Action == "ssh_certificate")];
    }
}
