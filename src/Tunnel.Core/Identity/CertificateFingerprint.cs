using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Tunnel.Core.Identity;

/// <summary>Certificates' fingerprints as the API tells them: MD5, in one of several spellings.</summary>
internal static class CertificateFingerprint
{
    /// <summary>32 hexadecimal digits; null where there is no certificate that can be read.</summary>
    public static string? Of(string? pem)
    {
        if (pem is null)
        {
            return null;
        }

        try
        {
            using var certificate = X509Certificate2.CreateFromPem(pem);
#pragma warning disable CA5351 // The API says MD5; nothing is trusted for it.
            return Convert.ToHexString(MD5.HashData(certificate.RawData));
#pragma warning restore CA5351
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    public static bool IsSame(string? told, string? digits) =>
        told is not null && digits is not null
        && string.Concat(told[(told.IndexOf('=', StringComparison.Ordinal) + 1)..].Where(char.IsAsciiHexDigit))
            .Equals(digits, StringComparison.OrdinalIgnoreCase);
}
