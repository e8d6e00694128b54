namespace Tunnel.Core.Client;

/// <summary>No stream came about. The message says why and what to do.</summary>
public class AccessConnectException : IOException
{
    public AccessConnectException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    public AccessConnectException(string message, int statusCode)
        : base(message) => StatusCode = statusCode;

    /// <summary>The HTTP status with which the far end refused; null when it did not come to that.</summary>
    public int? StatusCode { get; }
}
