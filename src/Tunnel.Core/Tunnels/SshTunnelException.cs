namespace Tunnel.Core.Tunnels;

/// <summary>A tunnel cannot be started, waited for or removed. The message says what to do.</summary>
public sealed class SshTunnelException : Exception
{
    public SshTunnelException()
    {
    }

    public SshTunnelException(string message)
        : base(message)
    {
    }

    public SshTunnelException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    public SshTunnelException(SshTunnelError error, string message, Exception? innerException = null)
        : base(message, innerException) => Error = error;

    public SshTunnelError Error { get; }
}
