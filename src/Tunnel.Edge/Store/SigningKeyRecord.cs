namespace Tunnel.Edge.Store;

/// <summary>A key that application tokens are, or until lately were, signed with.</summary>
public sealed record SigningKeyRecord
{
    /// <summary>The name of its public half (RFC 7638, hexadecimal): it never names another key.</summary>
    public required string Id { get; init; }

    /// <summary>PKCS #8. A secret.</summary>
    public required ReadOnlyMemory<byte> PrivateKey { get; init; }

    /// <summary>The public half in a certificate that it signed itself, PEM: for those who read keys in no other form.</summary>
    public required string Certificate { get; init; }

    /// <summary>When it was made, and the key before it signed its last.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When tokens of this key stop counting; null for the key that signs now.</summary>
    public DateTimeOffset? RetiresAt { get; init; }

    private bool PrintMembers(System.Text.StringBuilder builder)
    {
        builder.Append(nameof(Id)).Append(" = ").Append(Id);
        return true;
    }
}
