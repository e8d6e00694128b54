using System.Net;

namespace Tunnel.Core.Ingress;

/// <summary>A socket of this host that waits for others.</summary>
/// <param name="Protocol"><c>tcp</c> or <c>udp</c>.</param>
/// <param name="EndPoint">Where it waits; an unspecified address means every one.</param>
/// <param name="Process">The program's name; <c>kernel</c> for a socket of the kernel's own; null if it cannot be known.</param>
public sealed record ListeningSocket(string Protocol, IPEndPoint EndPoint, string? Process)
{
    internal const string Kernel = "kernel";

    public override string ToString() => $"{EndPoint}/{Protocol}{(Process is null ? "" : $" ({Process})")}";
}
