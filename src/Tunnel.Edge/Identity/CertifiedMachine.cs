namespace Tunnel.Edge.Identity;

/// <summary>A machine that was let in by its client certificate.</summary>
/// <param name="CommonName">Null where the certificate has none.</param>
/// <param name="Hostname">Where it was shown.</param>
/// <param name="AuthorityId">By which of the account's authorities it is valid there.</param>
/// <param name="Until">The end of its validity.</param>
internal sealed record CertifiedMachine(string? CommonName, string Hostname, Guid AuthorityId, DateTimeOffset Until);
