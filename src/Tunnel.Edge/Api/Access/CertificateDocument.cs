using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Tunnel.Edge.Api.Http;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Api.Access;

/// <summary>An authority for client certificates as JSON, and the rules for its parts.</summary>
internal static class CertificateDocument
{
    private const int MaximumHostnames = 100;
    private const int MaximumLength = 64 * 1024;

    /// <summary>Reads the authority's certificate, PEM, of a POST.</summary>
    public static byte[] ReadCertificate(ApiDocument body)
    {
        // Not by Text: PEM has line ends.
        if (body.Json["certificate"] is not JsonValue value || !value.TryGetValue<string>(out var pem) || pem.Length > MaximumLength)
        {
            throw body.Invalid("certificate is required: the authority's certificate as PEM");
        }

        var blocks = new List<string>();
        for (var rest = pem.AsSpan(); PemEncoding.TryFind(rest, out var fields); rest = rest[fields.Location.End..])
        {
            blocks.Add(rest[fields.Label].ToString());
        }

        if (blocks is not ["CERTIFICATE"])
        {
            throw body.Invalid(blocks.Exists(b => b.EndsWith("KEY", StringComparison.Ordinal))
                ? "certificate holds a private key: send the certificate alone"
                : "certificate must be one certificate as PEM");
        }

        try
        {
            using var certificate = X509Certificate2.CreateFromPem(pem);
            return IsRoot(certificate) ? certificate.RawData
                : throw body.Invalid("certificate must be that of a root authority: self-signed, with CA:TRUE in its basic constraints");
        }
        catch (CryptographicException)
        {
            throw body.Invalid("certificate cannot be read");
        }
    }

    /// <summary>The hostnames, each in one of the zones.</summary>
    public static IReadOnlyList<string>? ReadHostnames(ApiDocument body, IReadOnlyList<ZoneRecord> zones)
    {
        if (body.Texts("associated_hostnames") is not { } given)
        {
            return null;
        }

        var hostnames = given.Select(DomainName.Normalize).Distinct(StringComparer.Ordinal).ToArray();
        foreach (var hostname in hostnames)
        {
            if (!DomainName.IsValid(hostname, wildcard: false) || !zones.Any(zone => ApplicationDomains.IsIn(hostname, zone)))
            {
                throw body.Invalid($"associated_hostnames: '{hostname}' is no hostname of a zone of the account");
            }
        }

        return hostnames.Length <= MaximumHostnames ? hostnames
            : throw body.Invalid($"associated_hostnames: more than {MaximumHostnames}");
    }

    public static JsonObject ToJson(AccessCertificateRecord record)
    {
        using var certificate = record.Load();
        return new JsonObject
        {
            ["id"] = record.Id.ToString("D"),
            ["name"] = record.Name,
            ["fingerprint"] = "MD5 Fingerprint=" + Fingerprint(record.Certificate.Span),
            ["associated_hostnames"] = new JsonArray([.. record.Hostnames.Select(h => JsonValue.Create(h))]),
            ["created_at"] = ApiTime.ToJson(record.CreatedAt),
            ["updated_at"] = ApiTime.ToJson(record.UpdatedAt),
            ["expires_on"] = ApiTime.ToJson(certificate.NotAfter.ToUniversalTime()),
        };
    }

    /// <summary>What the API shows for people to compare; nothing is decided by it.</summary>
    private static string Fingerprint(ReadOnlySpan<byte> certificate) =>
#pragma warning disable CA5351 // The API says MD5.
        string.Join(':', MD5.HashData(certificate).Select(b => b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture)));
#pragma warning restore CA5351

    private static bool IsRoot(X509Certificate2 certificate) =>
        certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData)
        && certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(e => e.CertificateAuthority);
}
