using System.Management.Automation;
using System.Net;
using System.Net.Sockets;
using Tunnel.Core.Ingress;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.Ingress;

/// <summary>Looks at a server as a stranger does, and lists each port that still answers.</summary>
/// <remarks>
/// <para>Scans from this machine, so run it elsewhere than on the server, or scan from another machine with -From, which
/// needs ssh to it, bash and timeout there. Nothing comes out when nothing answers.</para>
/// <para>TCP answers when a connection is made; UDP when something comes back. Scan only what is yours.</para>
/// <para>Needs no rights and no firewall, and asks in the same way on Linux, Windows and macOS; a server of any system can be
/// asked. On Windows and macOS it has not yet been run on the real system.</para>
/// </remarks>
/// <example>
/// <para>From here</para>
/// <code>
/// Test-NetworkIngress 192.0.2.7 -Port 22, 80, 443, 8000-8100
/// </code>
/// <para>Lists those of the ports that answer.</para>
/// </example>
/// <example>
/// <para>From another machine</para>
/// <code>
/// Test-NetworkIngress 192.0.2.7 -From admin@probe.example.test
/// </code>
/// <para>Logs in there by ssh, and asks the usual ports from there.</para>
/// </example>
[Cmdlet(VerbsDiagnostic.Test, "NetworkIngress")]
[OutputType(typeof(IngressAnswer))]
public sealed class TestNetworkIngress : EngineCmdlet
{
    /// <summary>The server's names or addresses; of a name, all of its addresses are asked.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("Address")]
    [ValidateNotNullOrEmpty]
    public string[] ComputerName { get; set; } = [];

    /// <summary>Ports and ranges of ports, such as 22, 53/udp or 1-1024. Default: the usual ones.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string[] Port { get; set; } = ["22", "25", "53", "80", "443", "3306", "3389", "5432", "8080", "8443", "53/udp"];

    /// <summary>Where to ask from, as ssh names it. TCP only.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? From { get; set; }

    /// <summary>How many seconds a port may take to answer.</summary>
    [Parameter]
    [ValidateRange(1, 60)]
    public int Timeout { get; set; } = 2;

    protected override object? ErrorTarget => ComputerName;

    protected override async Task ProcessItemAsync()
    {
        var probe = new IngressProbe { Timeout = TimeSpan.FromSeconds(Timeout) };
        AllowedPort[] ports = [.. Port.Select(AllowedPort.Parse)];
        var addresses = new List<IPAddress>();
        foreach (string name in ComputerName)
        {
            try
            {
                addresses.AddRange(await IngressProbe.ResolveAsync(name, StopToken));
            }
            catch (SocketException e)
            {
                // The other names are asked all the same.
                WriteError(EngineErrors.ToRecord(e, name)!);
            }
        }

        await WriteAllAsync(From is null
            ? probe.ScanAsync([.. addresses.Distinct()], ports, StopToken)
            : probe.ScanFromAsync(From, [.. addresses.Distinct()], ports, StopToken));
    }
}
