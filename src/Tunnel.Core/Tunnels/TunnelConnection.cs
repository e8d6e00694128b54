using Tunnel.Core.Api;

namespace Tunnel.Core.Tunnels;

/// <summary>One connection of a connector of a tunnel to the edge.</summary>
public sealed record TunnelConnection
{
    /// <summary>The connection.</summary>
    public required string Id { get; init; }

    public required Guid TunnelId { get; init; }

    public required string TunnelName { get; init; }

    /// <summary>The connector; its connections, four as a rule, share it.</summary>
    public required Guid ClientId { get; init; }

    /// <summary>The connector's version, in its own words.</summary>
    public string? Version { get; init; }

    /// <summary>Operating system and processor, such as <c>linux_amd64</c>.</summary>
    public string? Architecture { get; init; }

    /// <summary>The data centre of the edge.</summary>
    public string? Location { get; init; }

    /// <summary>Where the connector dials from.</summary>
    public string? OriginAddress { get; init; }

    public DateTimeOffset? OpenedAt { get; init; }

    public override string ToString() => $"{TunnelName}: {ClientId:D} at {Location}";

    internal static IEnumerable<TunnelConnection> Of(TunnelInfo tunnel, TunnelClientInfo client) =>
        (client.Conns ?? []).Select(connection => new TunnelConnection
        {
            Id = connection.Id,
            TunnelId = Guid.Parse(tunnel.Id),
            TunnelName = tunnel.Name,
            ClientId = Guid.Parse(client.Id),
            Version = client.Version ?? connection.ClientVersion,
            Architecture = client.Arch,
            Location = connection.ColoName,
            OriginAddress = connection.OriginIp,
            OpenedAt = connection.OpenedAt,
        });
}
