namespace Tunnel.Protocol.Ssh;

/// <summary>What an authority states of a user's key, before it signs.</summary>
/// <param name="Key">The key that is certified.</param>
/// <param name="KeyId">Names the certificate in sshd's log.</param>
/// <param name="Principals">The users that it may sign in as; never empty, for an empty list would mean everybody.</param>
/// <param name="ValidAfter">The first second of its life.</param>
/// <param name="ValidBefore">The second in which it has ended.</param>
public sealed record SshCertificateContent(
    SshPublicKey Key, string KeyId, IReadOnlyList<string> Principals, DateTimeOffset ValidAfter, DateTimeOffset ValidBefore)
{
    /// <summary>A number of the authority's own choice.</summary>
    public ulong Serial { get; init; }
}
