namespace Tunnel.Edge.Identity.Certificates;

/// <summary>No certificate for this one.</summary>
internal sealed class CertificateRefusedException(int status, string message) : Exception(message)
{
    public int Status { get; } = status;
}
