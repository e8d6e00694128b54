using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Tunnel.Core.Client;

/// <summary>
/// A PEM file of certificate authorities of which only those are loaded that a server's chain names.
/// </summary>
/// <remarks>
/// OpenSSL 3 takes some 150 us a certificate and a system's bundle has about 140: loading them all took 22 of the 33 ms
/// of a visitor's start. Finding the right one takes under 1 ms. Fewer roots can never make a chain more trusted, and
/// when none fits, all are tried.
/// </remarks>
internal sealed class CertificateBundle(string path)
{
    /// <summary>The system's own bundles are a quarter of a megabyte.</summary>
    private const int MaxBytes = 16 * 1024 * 1024;

    private readonly char[] _pem = Read(path);

    /// <summary>The certificates whose subject is an issuer of one of these.</summary>
    public X509Certificate2Collection IssuersOf(IEnumerable<X509Certificate2> chain)
    {
        var wanted = chain.Select(certificate => certificate.IssuerName.RawData).ToList();
        return Load(der => Subject(der) is { Length: > 0 } subject && wanted.Any(issuer => subject.Span.SequenceEqual(issuer)));
    }

    public X509Certificate2Collection All() => Load(_ => true);

    private X509Certificate2Collection Load(Func<ReadOnlyMemory<byte>, bool> wanted)
    {
        var found = new X509Certificate2Collection();
        ReadOnlySpan<char> rest = _pem;
        while (PemEncoding.TryFind(rest, out var fields))
        {
            if (rest[fields.Label] is "CERTIFICATE" or "TRUSTED CERTIFICATE")
            {
                var der = new byte[fields.DecodedDataLength];
                if (Convert.TryFromBase64Chars(rest[fields.Base64Data], der, out _) && wanted(der))
                {
                    found.Add(X509CertificateLoader.LoadCertificate(der));
                }
            }

            rest = rest[fields.Location.End..];
        }

        return found;
    }

    /// <summary>The subject's name as it is encoded (RFC 5280, section 4.1); empty for what is no certificate.</summary>
    private static ReadOnlyMemory<byte> Subject(ReadOnlyMemory<byte> der)
    {
        try
        {
            var certificate = new AsnReader(der, AsnEncodingRules.DER).ReadSequence().ReadSequence();
            if (certificate.PeekTag().TagClass == TagClass.ContextSpecific)
            {
                certificate.ReadEncodedValue(); // version
            }

            certificate.ReadEncodedValue(); // serialNumber
            certificate.ReadEncodedValue(); // signature
            certificate.ReadEncodedValue(); // issuer
            certificate.ReadEncodedValue(); // validity
            return certificate.ReadEncodedValue();
        }
        catch (AsnContentException)
        {
            return default;
        }
    }

    private static char[] Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            if (file.Length > MaxBytes)
            {
                throw new AccessConnectException($"{path} is too long to be a file of certificates.");
            }

            using var reader = new StreamReader(file, System.Text.Encoding.Latin1);
            return reader.ReadToEnd().ToCharArray();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw error as AccessConnectException
                ?? new AccessConnectException($"The certificate authorities cannot be read: {error.Message}", error);
        }
    }
}
