using Tunnel.Access;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Identity;

/// <summary>What the client certificate of a connection is worth.</summary>
/// <param name="Certificate">As policies are told; null where nobody asked.</param>
/// <param name="Rejection">Why a certificate that was shown is worth nothing; null where none was, or it is valid.</param>
/// <param name="Authorities">By what it was judged.</param>
/// <param name="From">From when on the verdict holds.</param>
/// <param name="Until">And until when.</param>
internal sealed record ClientCertificateVerdict(
    VisitorCertificate? Certificate, string? Rejection, IReadOnlyList<AccessCertificateRecord> Authorities, DateTimeOffset From,
    DateTimeOffset Until)
{
    /// <summary>Of a connection on which no certificate was asked for.</summary>
    public static ClientCertificateVerdict NotAsked { get; } = new(null, null, [], DateTimeOffset.MinValue, DateTimeOffset.MaxValue);

    /// <summary>The authority by which it is valid.</summary>
    public Guid? AuthorityId { get; init; }
}
