namespace Tunnel.Edge.Store;

/// <summary>The state directory cannot be used. The message says why and what to do.</summary>
public sealed class EdgeStoreException : Exception
{
    public EdgeStoreException()
    {
    }

    public EdgeStoreException(string message)
        : base(message)
    {
    }

    public EdgeStoreException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
