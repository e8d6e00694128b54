using System.Text;

namespace Tunnel.Edge.Store;

/// <summary>
/// The key of an application that signs short-lived SSH certificates. Servers trust the public half; the private half
/// stays here, in the database with mode 0600.
/// </summary>
public sealed record SshAuthorityRecord
{
    /// <summary>48 hex characters.</summary>
    public required string Id { get; init; }

    /// <summary>The application that it signs for: one each.</summary>
    public required Guid ApplicationId { get; init; }

    /// <summary>The audience tag of that application.</summary>
    public required string Aud { get; init; }

    /// <summary>The line for <c>TrustedUserCAKeys</c>, with type <c>ecdsa-sha2-nistp256</c>.</summary>
    public required string PublicKey { get; init; }

    /// <summary>PKCS #8. Never shown by <see cref="ToString"/>, never answered.</summary>
    public required byte[] PrivateKey { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append(nameof(Id)).Append(" = ").Append(Id).Append(", ").Append(nameof(PublicKey)).Append(" = ").Append(PublicKey);
        return true;
    }
}
