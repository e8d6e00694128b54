using System.Text;

namespace Tunnel.Edge.Store;

/// <summary>A tunnel as the control plane knows it. Who is connected is not stored.</summary>
public sealed record TunnelRecord
{
    /// <summary>The tunnel.</summary>
    public required Guid Id { get; init; }

    /// <summary>The owning account.</summary>
    public required string AccountId { get; init; }

    /// <summary>Unique among the account's tunnels that are not deleted.</summary>
    public required string Name { get; init; }

    /// <summary>What a connector proves itself with; 32 bytes or more. Never shown by <see cref="ToString"/>.</summary>
    public required byte[] Secret { get; init; }

    /// <summary>Who keeps the ingress rules.</summary>
    public required TunnelConfigurationSource ConfigurationSource { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was deleted; null while it exists.</summary>
    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>When a connector was first connected after a time with none; null if never.</summary>
    public DateTimeOffset? ConnectionsActiveAt { get; init; }

    /// <summary>When the last connection went; null if never connected or connected now.</summary>
    public DateTimeOffset? ConnectionsInactiveAt { get; init; }

    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append(nameof(Id)).Append(" = ").Append(Id).Append(", ").Append(nameof(Name)).Append(" = ").Append(Name);
        return true;
    }
}
