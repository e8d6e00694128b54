using System.Management.Automation;
using System.Net;
using Tunnel.Core.Accounts;
using Tunnel.Core.Client;
using Tunnel.Core.Client.SignIn;
using Tunnel.PowerShell.Account;
using Tunnel.PowerShell.Completion;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.SignIn;

/// <summary>A cmdlet that acts as the person at this machine, who signs in to an application by browser.</summary>
public abstract class PersonCmdlet : AccountCmdlet
{
    /// <summary>The application's hostname.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SshHostNameCompleter))]
    public string Hostname { get; set; } = null!;

    /// <summary>Only shows the link for the sign-in, to be opened anywhere.</summary>
    [Parameter]
    public SwitchParameter NoLaunch { get; set; }

    /// <summary>How many seconds to wait for the sign-in. Default: 600.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int Timeout { get; set; } = 600;

    /// <summary>Where sign-ins are kept. Default: ~/.cloudflared, where cloudflared has them.</summary>
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

    private protected AccessClientOptions Client(string? token = null)
    {
        // Without an account, the host is found by DNS and trusted by the system's authorities.
        TunnelAccount? account = Account ?? Session.DefaultAccount;
        return new AccessClientOptions
        {
            Address = Hostname,
            ConnectTo = ConnectTo ?? account?.PublicEndPoint,
            CertificateAuthorityFile = Resolve(CertificateAuthorityFile) ?? account?.CertificateAuthorityFile,
            AppToken = token,
        };
    }

    private protected AccessSignIn SignIn(AccessClientOptions client)
    {
        // Made here, it runs on the pipeline's thread whoever reports.
        IProgress<string[]> lines = new Progress<string[]>(Tell);
        return new AccessSignIn(new AccessSignInOptions
        {
            Client = client,
            Store = new AccessTokenStore(Resolve(Folder)),
            OpensBrowser = !NoLaunch,
            Timeout = TimeSpan.FromSeconds(Timeout),
            CertificateAuthorityOption = "-" + nameof(CertificateAuthorityFile),
            Say = said => lines.Report([.. said]),
        });
    }

    private protected string? Resolve(string? path) => path is null ? null : GetUnresolvedProviderPathFromPSPath(path);

    /// <summary>As Write-Host does: on the screen, whatever the preferences are, and on stream 6 for who has no screen.</summary>
    private void Tell(string[] lines)
    {
        foreach (string line in lines)
        {
            WriteInformation(new HostInformationMessage { Message = line }, ["PSHOST"]);
        }
    }
}
