using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Tunnel.Edge.Store;
using Tunnel.Protocol.Configuration;
using Tunnel.Protocol.Registration;
using Tunnel.Protocol.Streams;

namespace Tunnel.Edge.Tunnels;

/// <summary>The connectors that are registered now: lets them in, and picks one for a stream.</summary>
internal sealed class TunnelConnections(EdgeStore store, string locationName, TimeProvider time, ILogger<TunnelConnections> log) : ITunnelConnections
{
    private const int MaxAnswerBytes = 64 * 1024;

    private static readonly TimeSpan s_pushTimeout = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<Guid, ImmutableArray<ConnectorConnection>> _byTunnel = new();
    private readonly ConcurrentDictionary<Guid, string> _localConfigurations = new();
    private uint _turn;

    public IReadOnlyList<TunnelConnectionState> ForTunnel(Guid tunnelId) =>
        [.. Registered(tunnelId).Select(connection => (connection, connection.Registration))
            .Where(pair => pair.Registration is not null)
            .Select(pair => Describe(pair.connection, pair.Registration!))];

    public string? LocalConfiguration(Guid tunnelId) => _localConfigurations.GetValueOrDefault(tunnelId);

    /// <summary>The connections that a new stream may go to, in the order in which to try them.</summary>
    /// <remarks>The least busy first; among equals in turn, so that none is worn out.</remarks>
    public IReadOnlyList<ConnectorConnection> Candidates(Guid tunnelId)
    {
        var open = Registered(tunnelId).Where(connection => !connection.IsDraining).ToArray();
        var turn = Interlocked.Increment(ref _turn);
        var order = new int[open.Length];
        for (var i = 0; i < open.Length; i++)
        {
            order[i] = (open[i].OpenStreams * open.Length) + (int)((turn + (uint)i) % (uint)open.Length);
        }

        Array.Sort(order, open);
        return open;
    }

    /// <exception cref="RegistrationException">The connector is not the tunnel's, or this index is taken.</exception>
    public ConnectionDetails Register(ConnectorConnection connection, RegistrationRequest request)
    {
        TunnelRecord tunnel;
        // Under the lock: a tunnel that is deleted meanwhile is either seen as deleted here, or this connection there.
        lock (_gate)
        {
            tunnel = Authenticate(connection, request);
            var present = MakeRoom(request);
            connection.Registration = request;
            _byTunnel[request.TunnelId] = present.Add(connection);
            if (present.IsEmpty)
            {
                store.Tunnels.NoteConnections(request.TunnelId, true, time.GetUtcNow());
            }
        }

        log.LogInformation("Tunnel {Tunnel}: connection {Index} from {Remote} registered",
            request.TunnelId, request.ConnectionIndex, connection.Remote);
        return new ConnectionDetails(
            connection.Id, locationName, tunnel.ConfigurationSource == TunnelConfigurationSource.Cloudflare);
    }

    private TunnelRecord Authenticate(ConnectorConnection connection, RegistrationRequest request)
    {
        // One answer for every kind of "no": who asks learns nothing of which tunnels there are.
        if (store.Snapshot.Tunnels.TryGetValue(request.TunnelId, out var tunnel)
            && request.Auth.AccountTag == tunnel.AccountId
            && CryptographicOperations.FixedTimeEquals(request.Auth.TunnelSecret, tunnel.Secret))
        {
            return tunnel;
        }

        log.LogWarning("A connector from {Remote} was refused: wrong credentials", connection.Remote);
        throw new RegistrationException("Unauthorized: Invalid tunnel secret");
    }

    /// <returns>The tunnel's connections without the one whose place this takes.</returns>
    private ImmutableArray<ConnectorConnection> MakeRoom(RegistrationRequest request)
    {
        var present = Registered(request.TunnelId);
        if (present.FirstOrDefault(other => other.Registration is { } known
            && known.ConnectionIndex == request.ConnectionIndex
            && known.Options.Client.ClientId == request.Options.Client.ClientId) is not { } same)
        {
            return present;
        }

        if (!request.Options.ReplaceExisting)
        {
            throw new RegistrationException(RegistrationException.DuplicateConnection, shouldRetry: true);
        }

        same.Close();
        return present.Remove(same);
    }

    public void Unregister(ConnectorConnection connection)
    {
        lock (_gate)
        {
            if (connection.Registration is { TunnelId: var tunnelId } && _byTunnel.TryGetValue(tunnelId, out var present))
            {
                var rest = present.Remove(connection);
                _byTunnel[tunnelId] = rest;
                if (rest.IsEmpty && !present.IsEmpty)
                {
                    store.Tunnels.NoteConnections(tunnelId, false, time.GetUtcNow());
                }
            }
        }
    }

    /// <exception cref="ConfigurationException">It is none; the call on the control stream fails with it.</exception>
    public void SetLocalConfiguration(Guid tunnelId, ReadOnlyMemory<byte> json)
    {
        _ = TunnelConfiguration.ParseJson(json.Span);
        _localConfigurations[tunnelId] = Encoding.UTF8.GetString(json.Span);
    }

    public Task DisconnectAsync(Guid tunnelId, Guid? clientId, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            foreach (var connection in Registered(tunnelId))
            {
                if (clientId is null || connection.Registration?.Options.Client.ClientId == clientId)
                {
                    connection.Close();
                    Unregister(connection);
                }
            }
        }

        return Task.CompletedTask;
    }

    public async Task PushConfigurationAsync(Guid tunnelId, int version, JsonElement config, CancellationToken cancellationToken)
    {
        await Task.WhenAll(Candidates(tunnelId)
            .DistinctBy(connection => connection.Registration?.Options.Client.ClientId)
            .Select(connection => PushAsync(connection, version, config, cancellationToken))).ConfigureAwait(false);
    }

    /// <summary>Sends a remotely managed tunnel's rules to a connector that has just registered.</summary>
    public async Task PushCurrentConfigurationAsync(ConnectorConnection connection, CancellationToken cancellationToken)
    {
        if (connection.Registration is not { ConnectionIndex: 0, TunnelId: var tunnelId })
        {
            return;
        }

        var snapshot = store.Snapshot;
        if (snapshot.Tunnels.TryGetValue(tunnelId, out var tunnel)
            && tunnel.ConfigurationSource == TunnelConfigurationSource.Cloudflare
            && snapshot.Configurations.TryGetValue(tunnelId, out var configuration)
            && configuration.Config is { } json)
        {
            using var document = JsonDocument.Parse(json);
            await PushAsync(connection, configuration.Version, document.RootElement, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task PushAsync(ConnectorConnection connection, int version, JsonElement config, CancellationToken cancellationToken)
    {
        var body = string.Create(CultureInfo.InvariantCulture, $"{{\"version\":{version},\"config\":{config.GetRawText()}}}");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_pushTimeout);
        try
        {
            var request = new HttpRequestMessage(HttpMethod.Post, (Uri?)null)
            {
                Content = new StringContent(body, Encoding.UTF8, MediaTypeHeaderValue.Parse("application/json")),
            };
            request.Headers.TryAddWithoutValidation(StreamHeaders.ConnectionUpgrade, StreamHeaders.UpgradeConfiguration);
            using var stream = await connection.OpenAsync(request, "h2.cftunnel.com", "/", limit.Token).ConfigureAwait(false);
            var answer = await ReadAsync(stream, limit.Token).ConfigureAwait(false);
            if (answer.Error is { } refusal)
            {
                log.LogWarning("The connector at {Remote} refused configuration {Version}: {Reason}",
                    connection.Remote, version, refusal);
            }
        }
        catch (Exception error) when (error is ConnectorUnavailableException or OperationCanceledException or IOException
            or HttpRequestException or ConfigurationException)
        {
            // It gets the current configuration when it registers again.
            log.LogWarning("The connector at {Remote} did not take configuration {Version}: {Reason}",
                connection.Remote, version, error.Message);
        }
    }

    private static async Task<ConfigurationUpdateResult> ReadAsync(ConnectorStream stream, CancellationToken cancellationToken)
    {
        stream.Response.EnsureSuccessStatusCode();
        await stream.Response.Content.LoadIntoBufferAsync(MaxAnswerBytes, cancellationToken).ConfigureAwait(false);
        return ConfigurationUpdateResult.Parse(await stream.Response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
    }

    private ImmutableArray<ConnectorConnection> Registered(Guid tunnelId) =>
        _byTunnel.TryGetValue(tunnelId, out var connections) ? connections : [];

    private TunnelConnectionState Describe(ConnectorConnection connection, RegistrationRequest registration) => new()
    {
        Id = connection.Id,
        ClientId = registration.Options.Client.ClientId,
        Version = registration.Options.Client.Version,
        Arch = registration.Options.Client.Arch,
        Features = registration.Options.Client.Features,
        ColoName = locationName,
        OriginIp = connection.Remote.Address,
        OpenedAt = connection.OpenedAt,
        ConnIndex = registration.ConnectionIndex,
    };
}
