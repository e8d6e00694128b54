namespace Tunnel.Protocol.Tokens;

/// <summary>An Access token was refused. The message does not repeat the token.</summary>
public sealed class AccessTokenException : Exception
{
    public AccessTokenException()
    {
    }

    public AccessTokenException(string message)
        : base(message)
    {
    }

    public AccessTokenException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public AccessTokenException(AccessTokenRefusal refusal, string message)
        : base(message) => Refusal = refusal;

    /// <summary>Why.</summary>
    public AccessTokenRefusal Refusal { get; } = AccessTokenRefusal.Malformed;
}
