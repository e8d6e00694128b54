namespace Tunnel.Core.Connector;

/// <summary>The edge could not be reached or refused the connector.</summary>
public sealed class ConnectorException : Exception
{
    public ConnectorException(string message, bool isFinal = false, Exception? innerException = null)
        : base(message, innerException) => IsFinal = isFinal;

    /// <summary>Trying again cannot help: the credentials or the tunnel are wrong.</summary>
    public bool IsFinal { get; }

    /// <summary>How long the edge asked to wait before the next try.</summary>
    public TimeSpan RetryAfter { get; init; }
}
