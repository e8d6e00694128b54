namespace Tunnel.Core.Ssh.Certificates;

/// <summary>There is no certificate. The message says what to do, and holds no token.</summary>
public sealed class SshCertificateException : Exception
{
    public SshCertificateException()
    {
    }

    public SshCertificateException(string message)
        : base(message)
    {
    }

    public SshCertificateException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>What the signing address answered; null when it did not.</summary>
    public int? StatusCode { get; init; }
}
