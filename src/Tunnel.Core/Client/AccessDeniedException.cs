namespace Tunnel.Core.Client;

/// <summary>Access does not let the visitor in: nobody known (a login is asked for), or known and refused.</summary>
public sealed class AccessDeniedException(string message, int statusCode, Uri? location = null)
    : AccessConnectException(message, statusCode)
{
    /// <summary>Where to sign in, when that would help.</summary>
    public Uri? Location { get; } = location;
}
