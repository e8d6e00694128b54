using System.Net;

namespace Tunnel.Core.Ingress;

/// <summary>A socket of this host that waits for others.</summary>
/// <param name="Protocol"><c>tcp</c> or <c>udp</c>.</param>
/// <param name="EndPoint">Where it waits; an unspecified address means every one.</param>
/// <param name="Process">The program's name; null if it cannot be known, or for a socket of the kernel.</param>
public sealed record ListeningSocket(string Protocol, IPEndPoint EndPoint, string? Process)
{
    public override string ToString() => $"{EndPoint}/{Protocol}{(Process is null ? "" : $" ({Process})")}";
}
