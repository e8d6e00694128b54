using System.Management.Automation;
using System.Net;
using System.Security;
using Tunnel.Core.Accounts;
using Tunnel.Core.Files;
using Tunnel.PowerShell.Edge;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.Account;

/// <summary>Connects this session to an account, at Cloudflare or at an embedded edge.</summary>
/// <remarks>
/// <para>Verifies the API token and finds the account that it is for. The account becomes the default of every cmdlet's
/// -Account in this session; other runspaces of the process keep their own.</para>
/// <para>Without parameters the token is the one that Cloudflare's own tools would use: the environment variable
/// CLOUDFLARE_API_TOKEN (with CLOUDFLARE_ACCOUNT_ID and CLOUDFLARE_BASE_URL, if they are set), or else the origin certificate
/// of an earlier login, named by TUNNEL_ORIGIN_CERT or lying where cloudflared looks for cert.pem.</para>
/// <para>A warning tells which permissions the token lacks and which cmdlets need them; the account's property
/// MissingPermissions holds the same. A token that may not read itself (User: API Tokens: Read) is tried out instead, by
/// reading one object in each area: then only areas that it may not even read are told.</para>
/// <para>Connecting again to the same account takes the place of the earlier connection, with the new token.</para>
/// </remarks>
/// <example>
/// <para>An embedded edge</para>
/// <code>
/// Start-TunnelEdge | Connect-TunnelAccount
/// </code>
/// <para>The edge brings address, token and certificate authority along.</para>
/// </example>
/// <example>
/// <para>Cloudflare, with the token of the environment</para>
/// <code>
/// $env:CLOUDFLARE_API_TOKEN = Get-Secret cloudflare -AsPlainText
/// Connect-TunnelAccount
/// </code>
/// <para>A runbook names no token: whoever runs it provides one, as for Cloudflare's own tools.</para>
/// </example>
/// <example>
/// <para>Cloudflare, with a token that is typed</para>
/// <code>
/// $token = Read-Host -AsSecureString -Prompt 'API token'
/// $account = Connect-TunnelAccount -ApiToken $token
/// $account.MissingPermissions
/// </code>
/// <para>The token needs Account: Cloudflare Tunnel and Access: Apps and Policies (edit), Zone: DNS (edit). When it sees
/// several accounts, name one with -AccountName.</para>
/// </example>
/// <example>
/// <para>Cloudflare, by browser</para>
/// <code>
/// Connect-TunnelAccount -Browser
/// </code>
/// <para>Opens a page where you sign in and pick a zone, and shows its link. The certificate goes to ~/.cloudflared/cert.pem,
/// which later sessions, and cloudflared, find by themselves. It is for tunnels and for the zone's records: what has to do
/// with Access takes an API token.</para>
/// </example>
/// <example>
/// <para>With the certificate of cloudflared's login</para>
/// <code>
/// Connect-TunnelAccount -OriginCertificate ~/.cloudflared/cert.pem
/// </code>
/// <para>The certificate holds an API token for one zone and the tunnels of its account.</para>
/// </example>
[Cmdlet(VerbsCommunications.Connect, "TunnelAccount", DefaultParameterSetName = EnvironmentSet, SupportsShouldProcess = true)]
[OutputType(typeof(TunnelAccount))]
public sealed partial class ConnectTunnelAccount : EngineCmdlet
{
    private const string EnvironmentSet = "Environment";
    private const string TokenSet = "Token";
    private const string CertificateSet = "OriginCertificate";
    private const string EdgeSet = "Edge";

    /// <summary>The API token.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = TokenSet)]
    [ValidateNotNull]
    public SecureString ApiToken { get; set; } = null!;

    /// <summary>The file that a login wrote: cert.pem.</summary>
    [Parameter(Mandatory = true, ParameterSetName = CertificateSet)]
    [ValidateNotNullOrEmpty]
    public string OriginCertificate { get; set; } = null!;

    /// <summary>The API's address. Default: CLOUDFLARE_BASE_URL where the token is the environment's, or else Cloudflare's.</summary>
    [Parameter(ParameterSetName = EnvironmentSet)]
    [Parameter(ParameterSetName = TokenSet)]
    [Parameter(ParameterSetName = CertificateSet)]
    [Parameter(ParameterSetName = BrowserSet)]
    [ValidateNotNull]
    public Uri? Address { get; set; }

    /// <summary>The name or id of the account, where the token sees several.</summary>
    [Parameter(ParameterSetName = EnvironmentSet)]
    [Parameter(ParameterSetName = TokenSet)]
    [ValidateNotNullOrEmpty]
    public string? AccountName { get; set; }

    /// <summary>A PEM file with the authorities to trust instead of the system's.</summary>
    [Parameter(ParameterSetName = EnvironmentSet)]
    [Parameter(ParameterSetName = TokenSet)]
    [Parameter(ParameterSetName = CertificateSet)]
    [Parameter(ParameterSetName = BrowserSet)]
    [ValidateNotNullOrEmpty]
    public string? CertificateAuthorityFile { get; set; }

    /// <summary>Where connectors dial, as host:port. Default: Cloudflare's network.</summary>
    [Parameter(ParameterSetName = EnvironmentSet)]
    [Parameter(ParameterSetName = TokenSet)]
    [Parameter(ParameterSetName = CertificateSet)]
    [Parameter(ParameterSetName = BrowserSet)]
    [DnsEndPointTransformation]
    public DnsEndPoint[] EdgeAddress { get; set; } = [];

    /// <summary>Where ssh connects instead of the hostname's own address, as host:port. Default: by DNS.</summary>
    [Parameter(ParameterSetName = EnvironmentSet)]
    [Parameter(ParameterSetName = TokenSet)]
    [Parameter(ParameterSetName = CertificateSet)]
    [Parameter(ParameterSetName = BrowserSet)]
    [DnsEndPointTransformation]
    public DnsEndPoint? PublicEndPoint { get; set; }

    /// <summary>Where tunnels of this account keep their credentials and configurations on this machine. Default: ~/.cloudflared, as cloudflared does.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? TunnelDirectory { get; set; }

    /// <summary>Does not look which permissions the token lacks.</summary>
    [Parameter]
    public SwitchParameter SkipPermissionCheck { get; set; }

    /// <summary>An embedded edge of this session.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = EdgeSet)]
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = EdgeBrowserSet)]
    [ValidateNotNull]
    public TunnelEdge Edge { get; set; } = null!;

    protected override object? ErrorTarget => ParameterSetName is EdgeSet or EdgeBrowserSet ? Edge : Address;

    protected override async Task ProcessItemAsync()
    {
        if (Browser ? !await LogInAsync() : !ShouldProcess(TargetOfConnection, "Connect this session to the account"))
        {
            return;
        }

        TunnelAccount account = await AccountConnector.ConnectAsync(Options(), StopToken);
        Session.Connect(account, TunnelDirectory is null ? null : GetUnresolvedProviderPathFromPSPath(TunnelDirectory));
        if (account.MissingPermissions is { Count: > 0 } missing)
        {
            WriteWarning($"The API token lacks permissions: {string.Join("; ", missing)}.");
        }

        WriteObject(account);
    }

    private string TargetOfConnection => ParameterSetName == EdgeSet ? Edge.ApiAddress.AbsoluteUri
        : Address?.ToString() ?? "the API that the environment or the certificate names, or else Cloudflare's";

    private AccountConnectorOptions Options() => ParameterSetName switch
    {
        EdgeSet => OptionsOfEdge(Edge.Engine.ApiToken),
        EdgeBrowserSet => OptionsOfEdge(AccountCredentials.FromCertificate(LoginFile).ApiToken),
        BrowserSet => OptionsOf(AccountCredentials.FromCertificate(LoginFile)),
        TokenSet => OptionsOf(new NetworkCredential(string.Empty, ApiToken).Password, Address, AccountName),
        CertificateSet => OptionsOf(AccountCredentials.FromCertificate(GetUnresolvedProviderPathFromPSPath(OriginCertificate))),
        _ => OptionsOf(AccountCredentials.Find(Environment.GetEnvironmentVariable, CloudflaredFolders.OfUser())),
    };

    private AccountConnectorOptions OptionsOf(AccountCredentials credentials)
    {
        WriteVerbose($"Signing in with {credentials.Source}.");
        return OptionsOf(credentials.ApiToken, Address ?? AddressOfLogin ?? credentials.ApiAddress, AccountName ?? credentials.AccountId);
    }

    private AccountConnectorOptions OptionsOf(string token, Uri? address, string? account) => new()
    {
        ApiToken = token,
        ApiAddress = address ?? AccountConnectorOptions.CloudflareAddress,
        Account = account,
        CertificateAuthorityFile = CertificateAuthorityFile is null
            ? null
            : GetUnresolvedProviderPathFromPSPath(CertificateAuthorityFile),
        EdgeAddresses = EdgeAddress,
        PublicEndPoint = PublicEndPoint,
        CheckPermissions = !SkipPermissionCheck,
        Commands = OwnCommands(),
    };

    // The token of an edge that this session runs is its administrator's: there is nothing to check.
    private AccountConnectorOptions OptionsOfEdge(string token) => new()
    {
        ApiToken = token,
        ApiAddress = Edge.ApiAddress,
        Account = Edge.AccountId,
        CertificateAuthorityFile = Edge.CertificateAuthorityFile,
        EdgeAddresses = [ToDns(Edge.TunnelEndPoint)],
        PublicEndPoint = ToDns(Edge.PublicEndPoint),
    };

    private string[] OwnCommands() => [.. MyInvocation.MyCommand.Module.ExportedCmdlets.Keys];

    private static DnsEndPoint ToDns(IPEndPoint endPoint) => new(endPoint.Address.ToString(), endPoint.Port);
}
