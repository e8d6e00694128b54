namespace Tunnel.Core.Identity;

/// <summary>An OpenID provider does not say where its endpoints are. The message says what to do.</summary>
public sealed class OpenIdDiscoveryException : Exception
{
    public OpenIdDiscoveryException()
    {
    }

    public OpenIdDiscoveryException(string message)
        : base(message)
    {
    }

    public OpenIdDiscoveryException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
