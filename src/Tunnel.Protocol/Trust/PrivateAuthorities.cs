using System.Security.Cryptography.X509Certificates;

namespace Tunnel.Protocol.Trust;

/// <summary>Trust in the authorities of a closed network, and in no other.</summary>
public static class PrivateAuthorities
{
    /// <summary>
    /// How TLS checks a server's certificate when only these authorities vouch for it. Nothing is fetched on the way: a
    /// private authority publishes no revocation list, and where there is no internet a download would only hang.
    /// </summary>
    /// <param name="authorities">Their certificates; none: nobody is trusted.</param>
    public static X509ChainPolicy TrustOnly(X509Certificate2Collection authorities)
    {
        ArgumentNullException.ThrowIfNull(authorities);
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }
}
