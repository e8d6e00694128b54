using System.Runtime.Versioning;
using Tunnel.Access;
using Tunnel.EndToEnd.Tests.Ingress;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests.Certificates;

/// <summary>The whole way by cmdlets: they set up a real sshd and ssh's config, and plain ssh gets in without a key.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class CertificateCmdletTests : IAsyncLifetime
{
    private const string Hostname = "ssh.example.test";

    private const string Connect =
        """
        param($Module, $Api, $ApiTokenFile, $Authorities, $Sshd, $Config, $ConnectTo, $Agent, $KnownHosts, $Folder, $User, $TokenFile)
        $ErrorActionPreference = 'Stop'
        Import-Module $Module
        $secret = [Net.NetworkCredential]::new('', [IO.File]::ReadAllText($ApiTokenFile).Trim()).SecurePassword
        Connect-TunnelAccount -ApiToken $secret -Address $Api -CertificateAuthorityFile $Authorities -SkipPermissionCheck | Out-Null

        """;

    private readonly TemporaryDirectory _home = new();
    private EdgeLab _lab = null!;
    private SshServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _lab = await EdgeLab.StartAsync();
        await _lab.ProtectAsync(Hostname, EdgeLab.Policy(AccessDecision.Allow, new EmailDomainRule("example.com")));
        _server = await SshServer.StartAsync();
        await _lab.PublishAsync(Hostname, _server.Url, connections: 1);
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
    public async Task Ssh_gets_in_by_certificate_until_it_is_taken_back()
    {
        await SignInAsync(Environment.UserName + "@example.com");
        await RunAsync(
            """
            New-SshCertificateAuthority ssh.example.test | Enable-SshCertificateAuthority -ConfigFile $Sshd
            Register-SshHost ssh.example.test prod -ShortLivedCertificate -CertificateFolder $Folder -User $User -ConfigFile $Config `
                -ConnectTo $ConnectTo -AgentPath $Agent -UserKnownHostsFile $KnownHosts -StrictHostKeyChecking yes
            """);
        await _server.ReloadAsync();

        var inside = await SshAsync();
        Assert.True((inside.ExitCode, inside.Output) == (0, "inside\n"), inside.ToString());

        await RunAsync(
            "Get-SshCertificateAuthority | Disable-SshCertificateAuthority -ConfigFile $Sshd -Confirm:$false");
        await _server.ReloadAsync();
        var outside = await SshAsync();
        Assert.Equal((255, ""), (outside.ExitCode, outside.Output));
        Assert.Contains("Permission denied (publickey)", outside.Error, StringComparison.Ordinal);

        await RunAsync("Get-SshHost -ConfigFile $Config | Unregister-SshHost");
        Assert.Equal("", await File.ReadAllTextAsync(Config));
    }

    [Fact]
    public async Task A_user_whom_others_share_is_logged_in_to_by_those_who_may_only()
    {
        await RunAsync(
            """
            New-SshCertificateAuthority ssh.example.test | Enable-SshCertificateAuthority -ConfigFile $Sshd -Principal @{ $User = 'alice' }
            Register-SshHost ssh.example.test prod -ShortLivedCertificate -CertificateFolder $Folder -User $User -ConfigFile $Config `
                -ConnectTo $ConnectTo -AgentPath $Agent -UserKnownHostsFile $KnownHosts -StrictHostKeyChecking yes
            """);
        await _server.ReloadAsync();

        await SignInAsync("alice@example.com");
        Assert.Equal("inside\n", (await SshAsync()).Output);
        await SignInAsync("bob@example.com");
        await RunAsync(
            """
            $token = [Net.NetworkCredential]::new('', [IO.File]::ReadAllText($TokenFile)).SecurePassword
            $certificate = New-SshCertificate ssh.example.test -Token $token -Folder $Folder -ConnectTo $ConnectTo -Force
            if ("$($certificate.Principals)" -ne 'bob') { throw "$($certificate.Principals)" }
            """);
        Assert.Contains("Permission denied (publickey)", (await SshAsync()).Error, StringComparison.Ordinal);
    }

    private string TokenFile => _home.File("token");

    private string Config => _home.File("ssh_config");

    private async Task SignInAsync(string email)
    {
        using var browser = new PersonBrowser(_lab);
        var token = await browser.SignInAsync(Hostname, email);
        File.Delete(TokenFile);
        await using var file = new FileStream(TokenFile, new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        await file.WriteAsync(System.Text.Encoding.ASCII.GetBytes(token));
    }

    private Task<ProcessResult> SshAsync() => ProcessResult.RunAsync(
        "ssh", ["-F", Config, "-o", "BatchMode=yes", "prod", "echo inside"],
        environment: new Dictionary<string, string> { ["TUNNEL_APP_TOKEN_FILE"] = TokenFile });

    private async Task RunAsync(string script)
    {
        var file = _home.File("script.ps1");
        await File.WriteAllTextAsync(file, Connect + script);
        var result = await ProcessResult.RunAsync(Repository.Shell,
        [
            file, Repository.ModuleManifest, _lab.Edge.ApiAddress.AbsoluteUri, _lab.Edge.ApiTokenFile, _lab.Edge.CertificateAuthorityFile,
            _server.ConfigFile, Config, $"{_lab.PublicAddress.Host}:{_lab.PublicAddress.Port}", AgentProgram.Path, _server.KnownHostsFile,
            _home.FullName, Environment.UserName, TokenFile,
        ]);
        Assert.True(result.ExitCode == 0, $"{result.Output}{result.Error}");
    }
}
