using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Tunnel.Core.Accounts;

/// <summary>Reads the authorities that a user names.</summary>
internal static class AccountCertificates
{
    /// <exception cref="AccountException">The file is missing, unreadable, or holds no certificate.</exception>
    public static X509Certificate2Collection Load(string file)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPemFile(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AccountException($"The CA file '{file}' cannot be read: {e.Message}", e);
        }
        catch (CryptographicException e)
        {
            throw new AccountException($"The CA file '{file}' is not PEM: {e.Message}", e);
        }

        return certificates.Count > 0
            ? certificates
            : throw new AccountException($"The CA file '{file}' holds no certificate (BEGIN CERTIFICATE).");
    }
}
