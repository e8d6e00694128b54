using System.Security.Cryptography.X509Certificates;

namespace Tunnel.Edge.Store;

/// <summary>An authority of the account's, whose client certificates are asked for at some hostnames (mutual TLS).</summary>
public sealed record AccessCertificateRecord
{
    /// <summary>The certificate in the API.</summary>
    public required Guid Id { get; init; }

    /// <summary>The owning account.</summary>
    public required string AccountId { get; init; }

    /// <summary>The zone that lists it; null for one that the account lists.</summary>
    public string? ZoneId { get; init; }

    /// <summary>As people see it. Need not be unique.</summary>
    public required string Name { get; init; }

    /// <summary>The authority's own certificate, DER.</summary>
    public required ReadOnlyMemory<byte> Certificate { get; init; }

    /// <summary>Where its certificates count, in lower case. Empty: nowhere.</summary>
    public required IReadOnlyList<string> Hostnames { get; init; }

    /// <summary>When it was added.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The certificate, to be disposed of.</summary>
    public X509Certificate2 Load() => X509CertificateLoader.LoadCertificate(Certificate.Span);
}
