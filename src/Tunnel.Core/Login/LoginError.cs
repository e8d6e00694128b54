namespace Tunnel.Core.Login;

/// <summary>Why a login came to nothing.</summary>
public enum LoginError
{
    /// <summary>An address or a file is not usable.</summary>
    InvalidRequest,

    /// <summary>There is a certificate already.</summary>
    CertificateExists,

    /// <summary>The person said no.</summary>
    Cancelled,

    /// <summary>The store cannot be reached, or not trusted.</summary>
    NotReached,

    /// <summary>What arrived is no certificate.</summary>
    InvalidCertificate,
}
