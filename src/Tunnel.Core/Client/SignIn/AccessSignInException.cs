namespace Tunnel.Core.Client.SignIn;

/// <summary>No token was got for an application. The message says what to do.</summary>
public sealed class AccessSignInException : IOException
{
    public AccessSignInException()
    {
    }

    public AccessSignInException(string message)
        : base(message)
    {
    }

    public AccessSignInException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
