using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Tunnel.Edge.Tunnels;

namespace Tunnel.Edge.Tests.Api;

/// <summary>Connections as if connectors had registered.</summary>
public sealed class ConnectedTunnels : ITunnelConnections
{
    private readonly ConcurrentDictionary<Guid, TunnelConnectionState[]> _connections = new();

    public ConcurrentQueue<(Guid Tunnel, int Version, string Config)> Pushed { get; } = new();

    public void Connect(Guid tunnelId, Guid clientId, int count) => _connections.AddOrUpdate(
        tunnelId, _ => Make(clientId, count), (_, present) => [.. present, .. Make(clientId, count)]);

    public IReadOnlyList<TunnelConnectionState> ForTunnel(Guid tunnelId) => _connections.GetValueOrDefault(tunnelId, []);

    public string? LocalConfiguration(Guid tunnelId) => null;

    public Task DisconnectAsync(Guid tunnelId, Guid? clientId, CancellationToken cancellationToken)
    {
        _connections.AddOrUpdate(tunnelId, [], (_, present) =>
            [.. present.Where(c => clientId is not null && c.ClientId != clientId)]);
        return Task.CompletedTask;
    }

    public Task PushConfigurationAsync(Guid tunnelId, int version, JsonElement config, CancellationToken cancellationToken)
    {
        Pushed.Enqueue((tunnelId, version, config.GetRawText()));
        return Task.CompletedTask;
    }

    private static TunnelConnectionState[] Make(Guid clientId, int count) =>
    [
        .. Enumerable.Range(0, count).Select(index => new TunnelConnectionState
        {
            Id = Guid.NewGuid(), ClientId = clientId, Version = "2026.8.2", Arch = "linux_amd64",
            Features = ["serialized_headers"], ColoName = "loc01", OriginIp = IPAddress.Loopback,
            OpenedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), ConnIndex = index,
        }),
    ];
}
