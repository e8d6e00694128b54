using System.Management.Automation;
using System.Net;
using Tunnel.Core.Accounts;
using Tunnel.Core.Ingress;
using Tunnel.Core.Ssh;
using Tunnel.PowerShell.Access;
using Tunnel.PowerShell.Completion;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.Ingress;

/// <summary>Closes every way into this machine but the tunnel, with a way back that needs no process.</summary>
/// <remarks>
/// <para>Reads an SSH banner through the tunnel first, and changes nothing if none comes. Then closes all inbound ports of
/// all protocols, IPv4 and IPv6, in one step, also those that are forwarded to containers. Reads the banner again, and
/// undoes everything if none comes.</para>
/// <para>The lock opens by itself after -RollbackAfter, in the kernel, whatever happens to this process. Log in once more by
/// the tunnel, then keep the lock with Confirm-NetworkIngress. Enable-NetworkIngress opens at once.</para>
/// <para>Loopback, answers to what this machine asks, neighbour discovery, path MTU discovery and DHCP always pass. Rules of
/// ufw, firewalld, Docker or your own stay as they are. Needs root, or -AsSudo.</para>
/// <para>On Linux with nftables. On Windows (the profiles of Windows Firewall; rules that open are disabled, not deleted; a
/// scheduled task is the way back; needs an Administrator; a confirmed lock stays over reboots, with or without -Persist) and
/// on macOS (an anchor of pf; a job of launchd is the way back) it has not yet been run on the real system.</para>
/// </remarks>
/// <example>
/// <para>Behind a tunnel of this session</para>
/// <code>
/// Start-SshTunnel ssh.example.test | Wait-SshTunnel | Disable-NetworkIngress -ServiceToken $token -Persist
/// </code>
/// <para>Proves the tunnel with a service token and locks for two minutes; Confirm-NetworkIngress keeps the lock, also after a reboot.</para>
/// </example>
/// <example>
/// <para>What would happen?</para>
/// <code>
/// Disable-NetworkIngress -Hostname ssh.example.test -AllowPort 443 -WhatIf
/// </code>
/// <para>Shows the exact rules, what they close and leave open, and what to know before.</para>
/// </example>
[Cmdlet(VerbsLifecycle.Disable, "NetworkIngress", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(NetworkIngressState))]
public sealed class DisableNetworkIngress : IngressCmdlet
{
    private const string Activity = "Closing network ingress";

    private readonly List<string> _hostnames = [];

    /// <summary>Hostnames that must carry an SSH banner. Default: those of the tunnels that this session runs.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RouteHostnameCompleter))]
    public string[]? Hostname { get; set; }

    /// <summary>A service token that opens the hostnames: from New-AccessServiceToken, or a credential of client id and secret. Default: the one that Register-SshHost wrote for the hostname.</summary>
    [Parameter]
    [ServiceTokenTransformation]
    [ValidateNotNull]
    public AccessServiceToken? ServiceToken { get; set; }

    /// <summary>Ports that stay open to everybody, such as 443, 51820/udp or 8000-8010/tcp.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ListeningPortCompleter))]
    public string[] AllowPort { get; set; } = [];

    /// <summary>Addresses and networks that may reach everything, such as 192.0.2.7 or 2001:db8::/32.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] AllowSource { get; set; } = [];

    /// <summary>Network interfaces that may reach everything, such as wg0 or docker0.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(InterfaceNameCompleter))]
    public string[] AllowInterface { get; set; } = [];

    /// <summary>Answer pings.</summary>
    [Parameter]
    public SwitchParameter AllowIcmp { get; set; }

    /// <summary>End the sessions that are open, except the one that carries you, and let no service of UDP go on. Default: they go on.</summary>
    [Parameter]
    public SwitchParameter CloseEstablished { get; set; }

    /// <summary>Limit outbound to the edge, name service and time, for containers as well. Default: outbound stays open.</summary>
    [Parameter]
    public SwitchParameter RestrictOutbound { get; set; }

    /// <summary>When the lock opens again unless it is confirmed, as a time span or in seconds. Default: two minutes.</summary>
    [Parameter]
    [SecondsTransformation]
    public object RollbackAfter { get; set; } = NetworkIngressRules.DefaultRollback;

    /// <summary>Keep the lock over reboots once Confirm-NetworkIngress confirms it.</summary>
    [Parameter]
    public SwitchParameter Persist { get; set; }

    /// <summary>Do not ask, even if you came in by the door that is closing; and take the place of a confirmed lock with other rules.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>The account whose edge is asked. Default: the one that this session connected last; none: found by DNS.</summary>
    [Parameter]
    [ValidateNotNull]
    [ConnectedAccountTransformation]
    [ArgumentCompleter(typeof(ConnectedAccountCompleter))]
    public TunnelAccount? Account { get; set; }

    protected override Task ProcessItemAsync()
    {
        _hostnames.AddRange(Hostname ?? []);
        return Task.CompletedTask;
    }

    protected override async Task FinishAsync()
    {
        IEnumerable<string> named = _hostnames.Count > 0
            ? _hostnames
            : Session.RunningTunnels.Where(tunnel => tunnel.IsRunningHere && tunnel.Hostname is not null).Select(tunnel => tunnel.Hostname!);
        string[] hostnames = [.. named.Distinct(StringComparer.OrdinalIgnoreCase)];
        NetworkCredential? secret = ServiceToken?.ToCredential().GetNetworkCredential();
        var visitor = new TunnelVisitor
        {
            Account = Account ?? Session.DefaultAccount,
            ServiceToken = secret is null ? null : new ServiceTokenFile(secret.UserName, secret.Password),
        };
        NetworkIngress engine = Engine;
        FirewallPlan plan = await engine.PlanAsync(await RulesAsync(visitor, hostnames), StopToken);
        if (!ShouldProcess(
                $"Close network ingress of {Environment.MachineName} by these rules:{Environment.NewLine}{plan.Describe(hostnames)}",
                $"Close every way into {Environment.MachineName} but the tunnel {string.Join(", ", hostnames)}?",
                Activity)
            || !Agrees(plan))
        {
            return;
        }

        var progress = new Progress<string>(status => WriteProgressOf(Activity, status));
        NetworkIngressState state = await engine.DisableAsync(plan, [.. hostnames.Select(visitor.ProofOf)], Force, progress, StopToken);
        EndProgress(Activity);
        foreach (string note in state.Notes)
        {
            WriteVerbose(note);
        }

        if (Session.RunningTunnels.Any(tunnel => tunnel.IsRunningHere && hostnames.Contains(tunnel.Hostname, StringComparer.OrdinalIgnoreCase)))
        {
            WriteWarning("The tunnel ends with this PowerShell session, and with it the way in. Run it as a service before you confirm.");
        }

        WriteObject(state);
    }

    private async Task<NetworkIngressRules> RulesAsync(TunnelVisitor visitor, string[] hostnames) => new()
    {
        AllowedPorts = [.. AllowPort.Select(AllowedPort.Parse)],
        AllowedSources = [.. AllowSource.Select(AllowedSource.Parse)],
        AllowedInterfaces = AllowInterface,
        AllowIcmp = AllowIcmp,
        CloseEstablished = CloseEstablished,
        Outbound = RestrictOutbound
            ? new OutboundLimits { EndPoints = await visitor.EdgeEndPointsAsync(hostnames, StopToken) }
            : null,
        Persist = Persist,
        RollbackAfter = (TimeSpan)RollbackAfter,
    };

    // Over the tunnel, or at the console, nobody is asked.
    private bool Agrees(FirewallPlan plan) =>
        plan.Caller is not { } caller
        || Force
        || MyInvocation.BoundParameters.ContainsKey("Confirm")
        || ShouldContinue(
            $"You came in by the door that is closing ({caller}). Your session goes on, but you cannot come back that way. Go on?",
            Activity);
}
