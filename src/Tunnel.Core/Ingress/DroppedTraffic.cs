using System.Globalization;

namespace Tunnel.Core.Ingress;

/// <summary>What the lock has turned away at one port.</summary>
/// <param name="Protocol">Such as <c>tcp</c>.</param>
/// <param name="Port">0 to 65535.</param>
/// <param name="Packets">Since the lock was made.</param>
/// <param name="Bytes">Since the lock was made.</param>
public sealed record DroppedTraffic(string Protocol, int Port, long Packets, long Bytes)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Port}/{Protocol}: {Packets}");
}
