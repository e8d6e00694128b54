using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Net;
using System.Net.NetworkInformation;

namespace Tunnel.PowerShell.Ingress;

/// <summary>Completes the ports of this machine that others can reach now.</summary>
public sealed class ListeningPortCompleter : IArgumentCompleter
{
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var properties = IPGlobalProperties.GetIPGlobalProperties();
        return properties.GetActiveTcpListeners().Select(point => (Point: point, Protocol: "tcp"))
            .Concat(properties.GetActiveUdpListeners().Select(point => (Point: point, Protocol: "udp")))
            .Where(socket => !IPAddress.IsLoopback(socket.Point.Address) && socket.Point.Port > 0)
            .OrderBy(socket => socket.Point.Port)
            .Select(socket => $"{socket.Point.Port}/{socket.Protocol}")
            .Distinct()
            .Where(port => port.StartsWith(wordToComplete, StringComparison.OrdinalIgnoreCase))
            .Select(port => new CompletionResult(port));
    }
}
