namespace Tunnel.Edge.Tunnels;

/// <summary>The connection died before the connector answered: the stream was not opened, another may be tried.</summary>
internal sealed class ConnectorUnavailableException(string message, Exception innerException) : Exception(message, innerException);
