namespace Tunnel.Core.Login;

/// <summary>A login came to nothing. The message says what to do.</summary>
public sealed class LoginException : Exception
{
    public LoginException()
    {
    }

    public LoginException(string message)
        : base(message)
    {
    }

    public LoginException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Why.</summary>
    public LoginError Error { get; init; }
}
