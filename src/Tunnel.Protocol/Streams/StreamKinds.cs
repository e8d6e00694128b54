namespace Tunnel.Protocol.Streams;

/// <summary>Tells the kind of a stream from its request headers, and the other way round.</summary>
public static class StreamKinds
{
    /// <summary>
    /// The kind of a stream. The order of the checks is cloudflared's: an upgrade to a configuration push or to a
    /// WebSocket counts more than the proxy source, which counts more than the control stream. An upgrade value that is
    /// not known makes an ordinary HTTP request. Values are compared exactly.
    /// </summary>
    public static StreamKind From(string? upgrade, bool proxySourcePresent) => upgrade switch
    {
        StreamHeaders.UpgradeConfiguration => StreamKind.Configuration,
        StreamHeaders.UpgradeWebSocket => StreamKind.WebSocket,
        _ when proxySourcePresent => StreamKind.Tcp,
        StreamHeaders.UpgradeControlStream => StreamKind.Control,
        _ => StreamKind.Http,
    };

    /// <summary>The value of <see cref="StreamHeaders.ConnectionUpgrade"/> for a kind; null where it has none.</summary>
    public static string? UpgradeValue(StreamKind kind) => kind switch
    {
        StreamKind.Configuration => StreamHeaders.UpgradeConfiguration,
        StreamKind.WebSocket => StreamHeaders.UpgradeWebSocket,
        StreamKind.Control => StreamHeaders.UpgradeControlStream,
        _ => null,
    };
}
