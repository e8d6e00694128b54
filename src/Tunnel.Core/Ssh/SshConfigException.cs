namespace Tunnel.Core.Ssh;

/// <summary>A value may not stand in an ssh config, or the file cannot be changed safely. The message says what to do.</summary>
public sealed class SshConfigException : Exception
{
    public SshConfigException()
    {
    }

    public SshConfigException(string message)
        : base(message)
    {
    }

    public SshConfigException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
