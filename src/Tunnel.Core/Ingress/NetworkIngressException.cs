namespace Tunnel.Core.Ingress;

/// <summary>An ingress lock was not made, confirmed or undone. The message says what holds now and what to do.</summary>
public sealed class NetworkIngressException : Exception
{
    public NetworkIngressException()
    {
    }

    public NetworkIngressException(string message)
        : base(message)
    {
    }

    public NetworkIngressException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    public NetworkIngressException(NetworkIngressError error, string message, Exception? innerException = null)
        : base(message, innerException) => Error = error;

    public NetworkIngressError Error { get; }
}
