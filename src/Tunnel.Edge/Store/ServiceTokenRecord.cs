using System.Security.Cryptography;
using System.Text;

namespace Tunnel.Edge.Store;

/// <summary>A service token. Only the SHA-256 hash of its secret is kept.</summary>
public sealed record ServiceTokenRecord
{
    /// <summary>The token's id, which policies name.</summary>
    public required Guid Id { get; init; }

    /// <summary>The owning account.</summary>
    public required string AccountId { get; init; }

    /// <summary>As people see it.</summary>
    public required string Name { get; init; }

    /// <summary>What a visitor sends in <c>CF-Access-Client-Id</c>: 32 hex characters and <c>.access</c>.</summary>
    public required string ClientId { get; init; }

    /// <summary>SHA-256 of the secret.</summary>
    public required byte[] SecretHash { get; init; }

    /// <summary>SHA-256 of the secret before the last rotation; null when it is no longer accepted.</summary>
    public byte[]? PreviousSecretHash { get; init; }

    /// <summary>Until when the previous secret is accepted.</summary>
    public DateTimeOffset? PreviousSecretExpiresAt { get; init; }

    /// <summary>Counts up from 1 with each rotation.</summary>
    public int SecretVersion { get; init; } = 1;

    /// <summary>Go's notation (<c>8760h</c>), or <c>forever</c>.</summary>
    public required string Duration { get; init; }

    /// <summary>From then on it is refused; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>A disabled token is refused and kept.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>
    /// Whether a visitor's secret opens this token at the given time: enabled, not expired, and the present secret or
    /// a previous one within its grace. Takes the same time whatever the secret is.
    /// </summary>
    public bool Accepts(string clientSecret, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(clientSecret);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(clientSecret), hash);
        var present = CryptographicOperations.FixedTimeEquals(hash, SecretHash);
        var previous = CryptographicOperations.FixedTimeEquals(hash, PreviousSecretHash ?? [])
            && PreviousSecretExpiresAt is { } until && now < until;
        return Enabled && (ExpiresAt is not { } expiry || now < expiry) && (present | previous);
    }

    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append(nameof(Id)).Append(" = ").Append(Id).Append(", ").Append(nameof(Name)).Append(" = ").Append(Name);
        return true;
    }
}
