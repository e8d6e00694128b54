namespace Tunnel.Protocol.Streams;

/// <summary>
/// Names and values of the headers by which edge and connector tell each other what a stream is for
/// (cloudflared <c>connection/http2.go</c> and <c>connection/header.go</c>). Names are lower case, as HTTP/2 wants them.
/// </summary>
public static class StreamHeaders
{
    /// <summary>Request header: what the stream is upgraded to. Values: the <c>Upgrade...</c> constants.</summary>
    public const string ConnectionUpgrade = "cf-cloudflared-proxy-connection-upgrade";

    /// <summary>Request header: the visitor's address; its presence makes the stream a raw TCP stream.</summary>
    public const string ProxySource = "cf-cloudflared-proxy-src";

    /// <summary>Response header: the origin's response headers, see <see cref="SerializedHeaders"/>.</summary>
    public const string ResponseHeaders = "cf-cloudflared-response-headers";

    /// <summary>Response header: who made the response, see <see cref="Streams.ResponseMeta"/>.</summary>
    public const string ResponseMeta = "cf-cloudflared-response-meta";

    /// <summary>Response header that travels beside the serialized ones when tracing is on.</summary>
    public const string Tracing = "cf-int-cloudflared-tracing";

    public const string UpgradeControlStream = "control-stream";

    public const string UpgradeConfiguration = "update-configuration";

    public const string UpgradeWebSocket = "websocket";
}
