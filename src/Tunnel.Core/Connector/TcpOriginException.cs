namespace Tunnel.Core.Connector;

/// <summary>The local service did not accept the connection.</summary>
internal sealed class TcpOriginException(string message, Exception innerException) : Exception(message, innerException);
