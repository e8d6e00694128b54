using System.Management.Automation;
using System.Net;
using Tunnel.Core.Ssh;
using Tunnel.PowerShell.Access;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.SshHost;

/// <summary>Adds a host to the ssh configuration, so that plain ssh, scp and sftp reach it through the tunnel.</summary>
/// <remarks>
/// <para>Writes one block between two comment lines, and nothing else of the file changes. ssh then starts
/// tunnel-agent as its ProxyCommand. Where the account is an embedded edge, the block also names the edge's address and
/// certificate authority.</para>
/// <para>A service token goes into a file beside the configuration that only its owner can read; the configuration
/// itself holds no secret. Registering a host again replaces its block.</para>
/// </remarks>
/// <example>
/// <para>A host for people</para>
/// <code>
/// Register-SshHost ssh.example.test -User alice
/// ssh ssh.example.test
/// </code>
/// <para>After that, ssh needs no module any more.</para>
/// </example>
/// <example>
/// <para>No key at all</para>
/// <code>
/// Register-SshHost ssh.example.test -ShortLivedCertificate
/// ssh ssh.example.test
/// </code>
/// <para>ssh itself has a certificate signed when it is needed, by "Match ... exec": no shell script and no second hop.</para>
/// </example>
/// <example>
/// <para>A host for a machine</para>
/// <code>
/// New-AccessServiceToken deploy | Register-SshHost ssh.example.test -Name prod -User deploy -IdentityFile ~/.ssh/deploy
/// ssh prod uptime
/// </code>
/// <para>The token takes the place of a sign-in.</para>
/// </example>
[Cmdlet(VerbsLifecycle.Register, "SshHost", SupportsShouldProcess = true)]
[OutputType(typeof(Core.Ssh.SshHost))]
public sealed class RegisterSshHost : AccountCmdlet
{
    /// <summary>The hostname that the tunnel serves.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Hostname { get; set; } = null!;

    /// <summary>What to type after ssh. Default: the hostname.</summary>
    [Parameter(Position = 1)]
    [Alias("HostAlias")]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>The user to log in as. Default: ssh's own choice.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? User { get; set; }

    /// <summary>The private key to log in with. Default: ssh's own choice.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? IdentityFile { get; set; }

    /// <summary>The port that ssh writes into known_hosts; the tunnel decides where it leads.</summary>
    [Parameter]
    [ValidateRange(1, 65535)]
    public int Port { get; set; }

    /// <summary>The file with the host's key. Default: ssh's own choice.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? UserKnownHostsFile { get; set; }

    /// <summary>What ssh does with a host key that it does not know. Default: ssh's own choice.</summary>
    [Parameter]
    [ValidateSet("yes", "no", "off", "ask", "accept-new")]
    public string? StrictHostKeyChecking { get; set; }

    /// <summary>A service token to show instead of a sign-in: from New-AccessServiceToken, or a credential of client id and secret.</summary>
    [Parameter(ValueFromPipeline = true)]
    [ServiceTokenTransformation]
    [ValidateNotNull]
    public AccessServiceToken? ServiceToken { get; set; }

    /// <summary>
    /// Log in by a certificate that is signed before each login: no key of one's own is needed. The server has to trust the
    /// application's authority (Enable-SshCertificateAuthority).
    /// </summary>
    [Parameter]
    public SwitchParameter ShortLivedCertificate { get; set; }

    /// <summary>Where the sign-in is kept, and the certificate and its key. Default: ~/.cloudflared.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? CertificateFolder { get; set; }

    /// <summary>The ssh configuration to write to. Default: ~/.ssh/config.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ConfigFile { get; set; }

    /// <summary>Where to connect instead of the hostname's own address, as host:port. Default: the account's edge, or by DNS.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ConnectTo { get; set; }

    /// <summary>A PEM file with the authorities to trust instead of the system's. Default: the account's.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? CertificateAuthorityFile { get; set; }

    /// <summary>The tunnel-agent program that ssh starts. Default: the module's own.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string AgentPath { get; set; } = Path.Combine(
        Path.GetDirectoryName(typeof(RegisterSshHost).Assembly.Location)!,
        OperatingSystem.IsWindows() ? "tunnel-agent.exe" : "tunnel-agent");

    protected override object? ErrorTarget => Hostname;

    protected override Task ProcessItemAsync()
    {
        var config = new SshConfigFile(Resolve(ConfigFile));
        if (!ShouldProcess(config.Path, $"Register {Name ?? Hostname} to be reached through the tunnel"))
        {
            return Task.CompletedTask;
        }

        NetworkCredential? secret = ServiceToken?.ToCredential().GetNetworkCredential();
        WriteObject(config.Register(
            ToHost(), secret is null ? null : new ServiceTokenFile(secret.UserName, secret.Password)));
        return Task.CompletedTask;
    }

    private Core.Ssh.SshHost ToHost()
    {
        // Without an account, the host is found by DNS and trusted by the system's authorities.
        Core.Accounts.TunnelAccount? account = Account ?? Session.DefaultAccount;
        return new Core.Ssh.SshHost
        {
            Name = Name ?? Hostname,
            Hostname = Hostname,
            AgentPath = AgentPath,
            User = User,
            Port = Port == 0 ? null : Port,
            ShortLivedCertificate = ShortLivedCertificate,
            CertificateFolder = Resolve(CertificateFolder),
            IdentityFile = Resolve(IdentityFile),
            UserKnownHostsFile = Resolve(UserKnownHostsFile),
            StrictHostKeyChecking = StrictHostKeyChecking,
            ConnectTo = ConnectTo ?? (account?.PublicEndPoint is { } edge ? $"{edge.Host}:{edge.Port}" : null),
            CertificateAuthorityFile = Resolve(CertificateAuthorityFile) ?? account?.CertificateAuthorityFile,
        };
    }

    private string? Resolve(string? path) => path is null or "none" ? path : GetUnresolvedProviderPathFromPSPath(path);
}
