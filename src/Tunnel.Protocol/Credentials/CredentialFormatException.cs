namespace Tunnel.Protocol.Credentials;

/// <summary>A credentials file, tunnel token or origin certificate cannot be read. The message says what to do, and holds no secret.</summary>
public sealed class CredentialFormatException : FormatException
{
    public CredentialFormatException()
    {
    }

    public CredentialFormatException(string message)
        : base(message)
    {
    }

    public CredentialFormatException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
