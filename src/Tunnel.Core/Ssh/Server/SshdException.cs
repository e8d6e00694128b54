namespace Tunnel.Core.Ssh.Server;

/// <summary>sshd cannot be set up like this, and everything is as it was. The message says what to do.</summary>
public sealed class SshdException : Exception
{
    public SshdException()
    {
    }

    public SshdException(string message)
        : base(message)
    {
    }

    public SshdException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
