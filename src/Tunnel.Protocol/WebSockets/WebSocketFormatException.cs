namespace Tunnel.Protocol.WebSockets;

/// <summary>The bytes are not WebSocket frames as RFC 6455 has them.</summary>
public sealed class WebSocketFormatException(string message) : FormatException(message);
