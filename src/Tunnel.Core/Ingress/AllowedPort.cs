using System.Globalization;

namespace Tunnel.Core.Ingress;

/// <summary>A port, or a range of ports, that stays open: <c>443</c>, <c>443/tcp</c>, <c>51820/udp</c>, <c>8000-8010/tcp</c>.</summary>
/// <param name="Protocol"><c>tcp</c> or <c>udp</c>.</param>
/// <param name="First">1 to 65535.</param>
/// <param name="Last">The same as <paramref name="First"/> for one port.</param>
public sealed record AllowedPort(string Protocol, ushort First, ushort Last)
{
    /// <exception cref="FormatException">It is none. The message says what a port looks like.</exception>
    public static AllowedPort Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var protocol = slash < 0 ? "tcp" : text[(slash + 1)..].Trim().ToLowerInvariant();
        var ports = (slash < 0 ? text : text[..slash]).Split('-', 2, StringSplitOptions.TrimEntries);
        return protocol is "tcp" or "udp"
            && TryPort(ports[0], out var first) && TryPort(ports[^1], out var last) && first <= last
                ? new AllowedPort(protocol, first, last)
                : throw new FormatException(
                    $"'{text}' is not a port. Write 443, 443/tcp, 51820/udp or 8000-8010/tcp.");
    }

    public bool Covers(ListeningSocket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        return socket.Protocol == Protocol && socket.EndPoint.Port >= First && socket.EndPoint.Port <= Last;
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{(First == Last ? First : $"{First}-{Last}")}/{Protocol}");

    private static bool TryPort(string text, out ushort port) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port > 0;
}
