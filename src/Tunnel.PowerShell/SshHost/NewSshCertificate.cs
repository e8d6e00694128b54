using System.Management.Automation;
using System.Net;
using System.Security;
using Tunnel.Core.Client;
using Tunnel.Core.Client.SignIn;
using Tunnel.Core.Ssh.Certificates;
using Tunnel.PowerShell.Account;
using Tunnel.PowerShell.Completion;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.SshHost;

/// <summary>Has a short-lived SSH certificate signed for the person at this machine.</summary>
/// <remarks>
/// <para>The key and the certificate lie in ~/.cloudflared under cloudflared's names, readable by their owner only. The
/// certificate is good for some minutes: long enough to log in; a session that stands goes on after it. One that is good
/// for another minute is given back as it is.</para>
/// <para>Who you are is known from the sign-in to the application: the one that is stored, else a browser is opened once.</para>
/// </remarks>
/// <example>
/// <para>Log in with it</para>
/// <code>
/// $certificate = New-SshCertificate ssh.example.test
/// ssh -i $certificate.IdentityFile -o CertificateFile=$certificate alice@ssh.example.test
/// </code>
/// <para>Register-SshHost -ShortLivedCertificate makes plain ssh do this by itself.</para>
/// </example>
[Cmdlet(VerbsCommon.New, "SshCertificate", SupportsShouldProcess = true)]
[OutputType(typeof(ShortLivedCertificate))]
public sealed class NewSshCertificate : AccountCmdlet
{
    /// <summary>The application's hostname.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SshHostNameCompleter))]
    public string Hostname { get; set; } = null!;

    /// <summary>An application token, instead of the sign-in that is stored in the folder.</summary>
    [Parameter]
    [ValidateNotNull]
    public SecureString? Token { get; set; }

    /// <summary>Open no browser: only show the link, where there is no sign-in yet.</summary>
    [Parameter]
    public SwitchParameter NoLaunch { get; set; }

    /// <summary>How many seconds a sign-in may take.</summary>
    [Parameter]
    [ValidateRange(1, 3600)]
    public int Timeout { get; set; } = 600;

    /// <summary>Sign a new one, for a fresh key, although there is one that is good for another minute.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Where the key and the certificate go, and sign-ins are. Default: ~/.cloudflared.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Folder { get; set; }

    /// <summary>Where to connect instead of the hostname's own address, as host:port. Default: the account's edge, or by DNS.</summary>
    [Parameter]
    [DnsEndPointTransformation]
    [ValidateNotNull]
    public DnsEndPoint? ConnectTo { get; set; }

    /// <summary>A PEM file with the authorities to trust instead of the system's. Default: the account's.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? CertificateAuthorityFile { get; set; }

    protected override object? ErrorTarget => Hostname;

    protected override async Task ProcessItemAsync()
    {
        // Without an account, the host is found by DNS and trusted by the system's authorities.
        Core.Accounts.TunnelAccount? account = Account ?? Session.DefaultAccount;
        var client = new AccessClientOptions
        {
            Address = Hostname,
            ConnectTo = ConnectTo ?? account?.PublicEndPoint,
            CertificateAuthorityFile = Resolve(CertificateAuthorityFile) ?? account?.CertificateAuthorityFile,
            AppToken = Token is null ? null : new NetworkCredential("", Token).Password,
        };
        if (ShouldProcess(client.Address.Host, "Have an SSH certificate signed"))
        {
            using var signIn = new AccessSignIn(OptionsOfSignIn(client));
            WriteObject(await new ShortLivedCertificates(Resolve(Folder)).EnsureAsync(client, signIn, Force, StopToken));
        }
    }

    private AccessSignInOptions OptionsOfSignIn(AccessClientOptions client)
    {
        // On the screen, whatever the preferences are, as Write-Host does; the engine speaks on a thread of its own.
        IProgress<string> screen = new Progress<string>(
            line => WriteInformation(new HostInformationMessage { Message = line }, ["PSHOST"]));
        return new AccessSignInOptions
        {
            Client = client,
            Store = new AccessTokenStore(Resolve(Folder)),
            Say = lines => screen.Report(string.Join(Environment.NewLine, lines)),
            OpensBrowser = !NoLaunch,
            Timeout = TimeSpan.FromSeconds(Timeout),
        };
    }

    private string? Resolve(string? path) => path is null ? null : GetUnresolvedProviderPathFromPSPath(path);
}
