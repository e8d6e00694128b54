using System.Management.Automation;
using Tunnel.Core.Tunnels;
using Tunnel.PowerShell.Completion;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.SshTunnel;

/// <summary>Puts this machine's ssh server behind a hostname: creates what is missing and runs the connector.</summary>
/// <remarks>
/// <para>Creates the tunnel if the account has none of that name, writes its credentials, routes the hostname to it and
/// starts a connector in this session, which dials out: the server needs no open port. The object that comes back shows
/// the connector's state while it changes; Wait-SshTunnel waits for it. The tunnel runs until Stop-SshTunnel, or until
/// the session ends.</para>
/// <para>Refuses a hostname that no Access application covers, since everybody could connect then: create one with
/// New-AccessApplication, or insist with -AllowUnprotected. Refuses a hostname that carries something else already.</para>
/// <para>Starting the same tunnel again gives the running one back.</para>
/// </remarks>
/// <example>
/// <para>This machine's sshd</para>
/// <code>
/// New-AccessApplication ssh.example.test
/// New-AccessPolicy ssh.example.test -Name staff -Decision Allow -Include '@example.com'
/// Start-SshTunnel -Hostname ssh.example.test -Url ssh://localhost:22 | Wait-SshTunnel
/// </code>
/// <para>Locks the hostname, says who gets in, and then opens it.</para>
/// </example>
/// <example>
/// <para>Trust no route</para>
/// <code>
/// Start-SshTunnel ssh.example.test -RequireAccess
/// </code>
/// <para>Each connection must carry a token that Access has signed for this application; the connector checks it.</para>
/// </example>
/// <example>
/// <para>What would it do?</para>
/// <code>
/// Start-SshTunnel ssh.example.test -WhatIf
/// </code>
/// <para>Says each step, and changes nothing.</para>
/// </example>
[Cmdlet(VerbsLifecycle.Start, "SshTunnel", SupportsShouldProcess = true)]
[OutputType(typeof(Core.Tunnels.SshTunnel))]
public sealed class StartSshTunnel : AccountCmdlet
{
    /// <summary>The hostname, in a zone of the account.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("Domain")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ApplicationNameCompleter))]
    public string Hostname { get; set; } = null!;

    /// <summary>Where the connector carries connections: ssh://host:port or tcp://host:port. Default: ssh://localhost:22.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Url { get; set; } = "ssh://localhost:22";

    /// <summary>The tunnel's name in the account. Default: the hostname.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? TunnelName { get; set; }

    /// <summary>How many connections to the edge the connector keeps. Default: 4.</summary>
    [Parameter]
    [ValidateRange(1, 255)]
    public int Connections { get; set; }

    /// <summary>
    /// The connector itself refuses what carries no valid Access token of the hostname's application: should a route ever
    /// lead around the sign-in, it reaches nothing. Rules that the edge sends later do not change that.
    /// </summary>
    [Parameter]
    public SwitchParameter RequireAccess { get; set; }

    /// <summary>Goes on although no Access application covers the hostname: everybody can connect then.</summary>
    [Parameter]
    public SwitchParameter AllowUnprotected { get; set; }

    /// <summary>Takes the hostname over from a DNS record that is not a tunnel's, or from another tunnel.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override object? ErrorTarget => Hostname;

    protected override async Task ProcessItemAsync()
    {
        SshTunnelService tunnels = Session.TunnelsOf(Connected);
        var request = new SshTunnelRequest
        {
            Hostname = Hostname,
            Url = Url,
            Name = TunnelName,
            AllowUnprotected = AllowUnprotected,
            Force = Force,
            RequireAccess = RequireAccess,
            Connections = Connections == 0 ? null : Connections,
        };
        if (tunnels.FindRunning(request) is { } running)
        {
            WriteObject(running);
            return;
        }

        SshTunnelPlan plan = await tunnels.PlanAsync(request, StopToken);
        foreach (string warning in plan.Warnings)
        {
            WriteWarning(warning);
        }

        if (ShouldProcess(plan.Hostname, string.Join(" ", plan.Steps)))
        {
            WriteObject(await tunnels.StartAsync(request, StopToken));
        }
    }
}
