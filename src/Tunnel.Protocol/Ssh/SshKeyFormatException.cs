namespace Tunnel.Protocol.Ssh;

/// <summary>Text or bytes are not an SSH public key that can be used here. The message says what is wrong.</summary>
public sealed class SshKeyFormatException : FormatException
{
    public SshKeyFormatException()
    {
    }

    public SshKeyFormatException(string message)
        : base(message)
    {
    }

    public SshKeyFormatException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
