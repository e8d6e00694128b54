using System.Net;

namespace Tunnel.Core.Ingress;

/// <summary>A port that answered a probe.</summary>
/// <param name="Protocol"><c>tcp</c> or <c>udp</c>.</param>
public sealed record IngressAnswer(IPEndPoint EndPoint, string Protocol)
{
    /// <summary>Who asked; null for this host.</summary>
    public string? From { get; init; }

    public override string ToString() => $"{EndPoint}/{Protocol}";
}
