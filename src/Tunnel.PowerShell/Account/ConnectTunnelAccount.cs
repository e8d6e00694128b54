using System.Management.Automation;
using System.Net;
using System.Security;
using Tunnel.Core.Accounts;
using Tunnel.Core.Api;
using Tunnel.PowerShell.Edge;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.Account;

/// <summary>Connects this session to an account, at Cloudflare or at an embedded edge.</summary>
/// <remarks>
/// <para>Verifies the API token and finds the account that it is for. The account becomes the default of every cmdlet's
/// -Account in this session; other runspaces of the process keep their own.</para>
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
/// <para>Cloudflare</para>
/// <code>
/// $token = Read-Host -AsSecureString -Prompt 'API token'
/// Connect-TunnelAccount -ApiToken $token
/// </code>
/// <para>The token needs Account: Cloudflare Tunnel and Access: Apps and Policies (edit), Zone: DNS (edit). When it sees
/// several accounts, name one with -AccountName.</para>
/// </example>
[Cmdlet(VerbsCommunications.Connect, "TunnelAccount", DefaultParameterSetName = TokenSet)]
[OutputType(typeof(TunnelAccount))]
public sealed class ConnectTunnelAccount : EngineCmdlet
{
    private const string TokenSet = "Token";
    private const string EdgeSet = "Edge";

    /// <summary>The API token.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = TokenSet)]
    [ValidateNotNull]
    public SecureString ApiToken { get; set; } = null!;

    /// <summary>The API's address. Default: Cloudflare's.</summary>
    [Parameter(ParameterSetName = TokenSet)]
    [ValidateNotNull]
    public Uri Address { get; set; } = TunnelApiOptions.CloudflareAddress;

    /// <summary>The name or id of the account, where the token sees several.</summary>
    [Parameter(ParameterSetName = TokenSet)]
    [ValidateNotNullOrEmpty]
    public string? AccountName { get; set; }

    /// <summary>A PEM file with the authorities to trust instead of the system's.</summary>
    [Parameter(ParameterSetName = TokenSet)]
    [ValidateNotNullOrEmpty]
    public string? CertificateAuthorityFile { get; set; }

    /// <summary>Where connectors dial, as host:port. Default: Cloudflare's network.</summary>
    [Parameter(ParameterSetName = TokenSet)]
    [DnsEndPointTransformation]
    public DnsEndPoint[] EdgeAddress { get; set; } = [];

    /// <summary>Where ssh connects instead of the hostname's own address, as host:port. Default: by DNS.</summary>
    [Parameter(ParameterSetName = TokenSet)]
    [DnsEndPointTransformation]
    public DnsEndPoint? PublicEndPoint { get; set; }

    /// <summary>Where tunnels of this account keep their credentials and configurations on this machine. Default: ~/.cloudflared, as cloudflared does.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? TunnelDirectory { get; set; }

    /// <summary>An embedded edge of this session.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = EdgeSet)]
    [ValidateNotNull]
    public TunnelEdge Edge { get; set; } = null!;

    protected override object? ErrorTarget => ParameterSetName == EdgeSet ? Edge : Address;

    protected override async Task ProcessItemAsync()
    {
        TunnelAccount account = await AccountConnector.ConnectAsync(
            ParameterSetName == EdgeSet ? OptionsOfEdge() : OptionsOfToken(), StopToken);
        Session.Connect(account, TunnelDirectory is null ? null : GetUnresolvedProviderPathFromPSPath(TunnelDirectory));
        WriteObject(account);
    }

    private AccountConnectorOptions OptionsOfToken() => new()
    {
        ApiToken = new NetworkCredential(string.Empty, ApiToken).Password,
        ApiAddress = Address,
        Account = AccountName,
        CertificateAuthorityFile = CertificateAuthorityFile is null
            ? null
            : GetUnresolvedProviderPathFromPSPath(CertificateAuthorityFile),
        EdgeAddresses = EdgeAddress,
        PublicEndPoint = PublicEndPoint,
    };

    private AccountConnectorOptions OptionsOfEdge() => new()
    {
        ApiToken = Edge.Engine.ApiToken,
        ApiAddress = Edge.ApiAddress,
        Account = Edge.AccountId,
        CertificateAuthorityFile = Edge.CertificateAuthorityFile,
        EdgeAddresses = [ToDns(Edge.TunnelEndPoint)],
        PublicEndPoint = ToDns(Edge.PublicEndPoint),
    };

    private static DnsEndPoint ToDns(IPEndPoint endPoint) => new(endPoint.Address.ToString(), endPoint.Port);
}
