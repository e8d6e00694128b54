namespace Tunnel.Core.Tunnels;

/// <summary>The configuration of a tunnel, and who keeps it.</summary>
public sealed record ManagedConfiguration
{
    public required Guid TunnelId { get; init; }

    public required string TunnelName { get; init; }

    /// <summary><c>cloudflare</c>: the account keeps it; <c>local</c>: a file beside the connector.</summary>
    public required string Source { get; init; }

    /// <summary>Counts up with each change of what the account keeps; 0 for one that it does not keep.</summary>
    public int Version { get; init; }

    /// <summary>The rules in their order; empty where they are not known.</summary>
    public IReadOnlyList<TunnelConfigurationRule> Rules { get; init; } = [];

    /// <summary>The file on this machine that it was read from; null: the account told it.</summary>
    public string? File { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>The whole of it, as JSON; null where it is not known.</summary>
    public string? Json { get; init; }

    public override string ToString() => $"{TunnelName} version {Version}: {string.Join("; ", Rules)}";
}
