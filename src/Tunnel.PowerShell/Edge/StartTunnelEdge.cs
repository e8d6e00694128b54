using System.Management.Automation;
using System.Net;
using Tunnel.Edge;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.Edge;

/// <summary>Starts an embedded edge in this process.</summary>
/// <remarks>
/// <para>The embedded edge is an edge network in one process: connectors dial in on one port, visitors come to another
/// over HTTPS, and a third serves the API. It needs no account and no internet. It listens on loopback and free ports
/// unless told otherwise, and keeps its state (zones, applications, policies, tokens, its certificate authority) in one
/// folder, readable by its owner only.</para>
/// <para>Starting an edge whose state folder an edge of this session already uses gives that edge back.</para>
/// <para>People sign in by the account's identity providers. One-time PINs are mailed through -SmtpServer; without one,
/// each is an .eml file in the folder outbox of the state folder, readable by its owner only, for an hour.</para>
/// </remarks>
/// <example>
/// <para>Try everything on this machine</para>
/// <code>
/// Start-TunnelEdge | Connect-TunnelAccount
/// </code>
/// <para>Starts an edge on loopback and connects the session to it.</para>
/// </example>
/// <example>
/// <para>An edge for a lab</para>
/// <code>
/// Start-TunnelEdge -StateDirectory /var/lib/tunnel-edge -PublicAddress 192.0.2.10:443 -TunnelAddress 192.0.2.10:7844
/// </code>
/// <para>Visitors and connectors of the lab reach the edge on an address of the machine; the API stays on loopback.</para>
/// </example>
/// <example>
/// <para>Mail one-time PINs</para>
/// <code>
/// Start-TunnelEdge -SmtpServer mail.example.com:587 -MailFrom access@example.com -SmtpCredential (Get-Credential)
/// </code>
/// <para>The mail server has to offer TLS, unless it is on this machine, such as [::1]:25.</para>
/// </example>
[Cmdlet(VerbsLifecycle.Start, "TunnelEdge", SupportsShouldProcess = true)]
[OutputType(typeof(TunnelEdge))]
public sealed class StartTunnelEdge : EngineCmdlet
{
    /// <summary>The folder with the edge's state; made if it is missing. Default: tunnel/edge in the user's local application data.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string StateDirectory { get; set; } = Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
        "tunnel",
        "edge");

    /// <summary>Where connectors dial in, as address:port. Port 0 takes a free one. Default: 127.0.0.1:0.</summary>
    [Parameter]
    [EndPointTransformation]
    public IPEndPoint TunnelAddress { get; set; } = new(IPAddress.Loopback, 0);

    /// <summary>Where visitors come, as address:port. Port 0 takes a free one. Default: 127.0.0.1:0.</summary>
    [Parameter]
    [EndPointTransformation]
    public IPEndPoint PublicAddress { get; set; } = new(IPAddress.Loopback, 0);

    /// <summary>Where the API is served, as address:port; keep it away from visitors. Default: 127.0.0.1:0.</summary>
    [Parameter]
    [EndPointTransformation]
    public IPEndPoint ApiAddress { get; set; } = new(IPAddress.Loopback, 0);

    /// <summary>The name of the account that the edge has; used at the first start.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string AccountName { get; set; } = "Tunnel";

    /// <summary>Lets new zones wait for Wait-TunnelZone, as they wait at Cloudflare for their name servers. Default: active at once.</summary>
    [Parameter]
    public SwitchParameter PendingZones { get; set; }

    /// <summary>Where one-time PINs are mailed through: host or host:port, an IPv6 address in brackets. Default port: 587; 465 speaks TLS from the start.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SmtpServer { get; set; }

    /// <summary>The address that mail comes from; needed with -SmtpServer.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? MailFrom { get; set; }

    /// <summary>Who signs in to the mail server. Default: nobody.</summary>
    [Parameter]
    [ValidateNotNull]
    public PSCredential? SmtpCredential { get; set; }

    /// <summary>Mails in the clear where the server offers no TLS. A server on this machine may always.</summary>
    [Parameter]
    public SwitchParameter AllowPlaintextSmtp { get; set; }

    /// <summary>The folder for mail that no server is set for. Default: outbox in the state folder.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? OutboxDirectory { get; set; }

    /// <summary>A PEM file with the only authorities that vouch for identity providers, such as those of a closed network. Default: the system's.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? IdentityProviderCertificateAuthority { get; set; }

    /// <summary>A database in MaxMind's format that says in which country an address lies, such as GeoLite2-Country.mmdb. Without one no country is known.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? CountryDatabase { get; set; }

    /// <summary>A PEM file with the only authorities that vouch for endpoints of external evaluation rules. Default: the system's.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? EvaluationAuthority { get; set; }

    /// <summary>Lets endpoints of external evaluation rules be on this machine: whoever may write a policy makes the edge call what listens on loopback.</summary>
    [Parameter]
    public SwitchParameter AllowLoopbackEvaluation { get; set; }

    /// <summary>How long an entry of the access log is kept, such as 7.00:00:00 for a week. Default: 30 days.</summary>
    [Parameter]
    public TimeSpan AccessLogRetention { get; set; } = TimeSpan.FromDays(30);

    protected override object? ErrorTarget => StateDirectory;

    protected override async Task ProcessItemAsync()
    {
        string folder = GetUnresolvedProviderPathFromPSPath(StateDirectory);
        if (Session.Edges.Find(edge => edge.StateDirectory == folder) is { } running)
        {
            WriteObject(running);
            return;
        }

        if (!ShouldProcess(folder, "Start an embedded edge"))
        {
            return;
        }

        EmbeddedEdge engine = await EmbeddedEdge.StartAsync(
            new EdgeOptions
            {
                StateDirectory = folder,
                TunnelAddress = TunnelAddress,
                PublicAddress = PublicAddress,
                ApiAddress = ApiAddress,
                AccountName = AccountName,
                ZonesStartPending = PendingZones,
                OutboxDirectory = OutboxDirectory is null ? null : GetUnresolvedProviderPathFromPSPath(OutboxDirectory),
                CountryDatabase = PathOf(CountryDatabase),
                ExternalEvaluationAuthorities = PathOf(EvaluationAuthority) is { } pem ? EdgeOptions.ReadAuthorities(pem) : null,
                AllowLoopbackEvaluation = AllowLoopbackEvaluation,
                AccessLogRetention = AccessLogRetention,
            }.WithMail(SmtpServer, MailFrom, SmtpCredential?.UserName, SmtpCredential?.GetNetworkCredential().Password, AllowPlaintextSmtp)
            .WithIdentityProviderAuthorities(
                IdentityProviderCertificateAuthority is null ? null : GetUnresolvedProviderPathFromPSPath(IdentityProviderCertificateAuthority)),
            StopToken);
        var started = new TunnelEdge(engine);
        Session.Edges.Add(started);
        WriteObject(started);
    }

    private string? PathOf(string? path) => path is null ? null : GetUnresolvedProviderPathFromPSPath(path);
}
