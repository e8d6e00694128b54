using System.Runtime.CompilerServices;
using Tunnel.Core.Accounts;
using Tunnel.Core.Api;
using Tunnel.Core.Applications;
using Tunnel.Core.Connector;
using Tunnel.Protocol.Credentials;

namespace Tunnel.Core.Tunnels;

/// <summary>
/// Runs the tunnels of one account in this session: creates what is missing, refuses what is not safe, and leaves nothing
/// half-done. Thread-safe. Disposing stops all tunnels and removes none.
/// </summary>
/// <example>
/// <code>
/// await using var tunnels = new SshTunnelService(account);
/// var tunnel = await tunnels.StartAsync(new SshTunnelRequest { Hostname = "ssh.example.com" });
/// await tunnel.WaitAsync(TimeSpan.FromSeconds(30));
/// </code>
/// </example>
public sealed class SshTunnelService : IAsyncDisposable
{
    private readonly TunnelAccount _account;
    private readonly SshTunnelServiceOptions _options;
    private readonly TunnelFiles _files;
    private readonly SshTunnelPlanner _planner;
    private readonly SemaphoreSlim _starting = new(1, 1);
    private readonly Lock _lock = new();
    private readonly List<SshTunnel> _running = [];

    public SshTunnelService(TunnelAccount account, SshTunnelServiceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(account);
        _account = account;
        _options = options ?? new SshTunnelServiceOptions();
        _files = new TunnelFiles(_options.Directory);
        _planner = new SshTunnelPlanner(account, _files, _options);
    }

    /// <summary>Where the tunnels' files on this machine are.</summary>
    public string Directory => _options.Directory;

    /// <summary>The tunnels that this session has started and not stopped, also those that the edge refused since.</summary>
    public IReadOnlyList<SshTunnel> Running
    {
        get
        {
            lock (_lock)
            {
                return [.. _running];
            }
        }
    }

    /// <summary>The tunnel of this session that is just what the request asks for, or null.</summary>
    /// <exception cref="SshTunnelException">The request is not valid.</exception>
    public SshTunnel? FindRunning(SshTunnelRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var hostname = Hostname.Normalize(request.Hostname);
        var service = SshTunnelPlanner.ParseUrl(request.Url);
        return Running.FirstOrDefault(t => t.IsRunningHere && t.IsSame(hostname, service, request.Name, request.RequireAccess));
    }

    /// <summary>Goes on with the tunnels of another service of the same account, which then runs none.</summary>
    public void TakeOver(SshTunnelService other)
    {
        ArgumentNullException.ThrowIfNull(other);
        SshTunnel[] tunnels;
        lock (other._lock)
        {
            tunnels = [.. other._running];
            other._running.Clear();
        }

        lock (_lock)
        {
            _running.AddRange(tunnels);
        }
    }

    /// <summary>Says what <see cref="StartAsync"/> would do, and throws where it would refuse. Changes nothing.</summary>
    /// <exception cref="SshTunnelException">It would refuse.</exception>
    /// <exception cref="Api.TunnelApiException">The API refused or cannot be reached.</exception>
    public async Task<SshTunnelPlan> PlanAsync(SshTunnelRequest request, CancellationToken cancellationToken = default)
    {
        var plan = await _planner.PlanAsync(request, cancellationToken).ConfigureAwait(false);
        CheckNotRunning(plan.Hostname, plan.Name);
        return plan;
    }

    /// <summary>
    /// Creates the tunnel if it does not exist, routes the hostname to it and starts its connector; the same request twice
    /// gives the same tunnel. Returns when the connector dials: <see cref="SshTunnel.WaitAsync"/> waits for it.
    /// </summary>
    /// <inheritdoc cref="PlanAsync"/>
    public async Task<SshTunnel> StartAsync(SshTunnelRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        await _starting.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (FindRunning(request) is { } running)
            {
                return running;
            }

            var plan = await PlanAsync(request, cancellationToken).ConfigureAwait(false);
            var tunnel = await new SshTunnelStarter(_account, _files, _options)
                .StartAsync(plan, cancellationToken).ConfigureAwait(false);
            foreach (var refused in Running.Where(t => t.Id == tunnel.Id))
            {
                // One that the edge refused before makes room for the new one.
                await StopAsync(refused, TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
            }

            lock (_lock)
            {
                _running.Add(tunnel);
            }

            return tunnel;
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>The tunnels of this session, then the others of the account, as they are asked for.</summary>
    /// <param name="identity">A name, hostname or id; null: all.</param>
    /// <param name="cancellationToken">Stops the listing.</param>
    public async IAsyncEnumerable<SshTunnel> ListAsync(
        string? identity = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var running = Running;
        foreach (var tunnel in running.Where(t => Matches(t, identity)))
        {
            yield return tunnel;
        }

        await foreach (var info in _account.Api.Tunnels
            .ListAsync(_account.AccountId, cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            var tunnel = new SshTunnel(_account, info, _files);
            if (running.All(t => t.Id != tunnel.Id) && Matches(tunnel, identity))
            {
                yield return tunnel;
            }
        }
    }

    /// <summary>The one tunnel of that name, hostname or id; one of this session first.</summary>
    /// <exception cref="SshTunnelException">There is none.</exception>
    public async Task<SshTunnel> GetAsync(string identity, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(identity);
        await foreach (var tunnel in ListAsync(identity, cancellationToken).ConfigureAwait(false))
        {
            return tunnel;
        }

        throw new SshTunnelException(SshTunnelError.NotFound, $"The account has no tunnel '{identity}'. List them with Get-SshTunnel.");
    }

    /// <summary>Unregisters the tunnel and lets its open streams end. The tunnel stays in the account.</summary>
    /// <param name="tunnel">One of <see cref="Running"/>.</param>
    /// <param name="grace">How long open streams may go on. Null: as the options say.</param>
    /// <param name="cancellationToken">Cuts the open streams off at once; the tunnel is stopped all the same.</param>
    /// <exception cref="SshTunnelException">It is not run by this session.</exception>
    public async Task StopAsync(SshTunnel tunnel, TimeSpan? grace = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tunnel);
        if (!Running.Contains(tunnel))
        {
            throw tunnel.NotHere();
        }

        await tunnel.StopAsync(grace, cancellationToken).ConfigureAwait(false);
        lock (_lock)
        {
            _running.Remove(tunnel);
        }
    }

    /// <summary>Says what <see cref="RemoveAsync(SshTunnel, TimeSpan?, CancellationToken)"/> would do, one line each.</summary>
    public static IReadOnlyList<string> PlanRemoval(SshTunnel tunnel)
    {
        ArgumentNullException.ThrowIfNull(tunnel);
        return SshTunnelRemover.Steps(tunnel);
    }

    /// <summary>Stops the tunnel if it runs here, then deletes its routes, the tunnel, and its files on this machine.</summary>
    /// <exception cref="Api.TunnelApiException">The API refused or cannot be reached; calling again goes on.</exception>
    public async Task RemoveAsync(SshTunnel tunnel, TimeSpan? grace = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tunnel);
        if (Running.FirstOrDefault(t => t.Id == tunnel.Id) is { } running)
        {
            await StopAsync(running, grace, cancellationToken).ConfigureAwait(false);
        }

        await new SshTunnelRemover(_account, _files)
            .RemoveAsync(tunnel.Id, tunnel.Hostname, disconnect: true, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Deletes a tunnel of the account, whoever runs it, with all its routes and its files on this machine.</summary>
    /// <param name="tunnel">The tunnel.</param>
    /// <param name="force">Whether connectors that run it are stopped or cut off; otherwise they are a reason to refuse.</param>
    /// <param name="cancellationToken">Stops between two steps; removing again goes on.</param>
    /// <exception cref="ResourceConflictException">Connectors run it.</exception>
    public async Task RemoveAsync(TunnelInfo tunnel, bool force, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tunnel);
        var id = Guid.Parse(tunnel.Id);
        if (!force)
        {
            await CheckIdleAsync(tunnel, cancellationToken).ConfigureAwait(false);
        }

        if (Running.FirstOrDefault(t => t.Id == id) is { } running)
        {
            await StopAsync(running, TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
        }

        await new SshTunnelRemover(_account, _files).RemoveAsync(id, null, force, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Gives a tunnel another secret, so that every token and credentials file of before is refused; the one on this
    /// machine is written anew. Connections that are open stay.
    /// </summary>
    public async Task<TunnelInfo> ResetSecretAsync(TunnelInfo tunnel, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tunnel);
        var id = Guid.Parse(tunnel.Id);
        var secret = TunnelCatalog.NewSecret();
        var changed = await _account.Api.Tunnels
            .UpdateSecretAsync(_account.AccountId, id, secret, cancellationToken).ConfigureAwait(false);
        _files.ReplaceCredentials(new TunnelCredentials(_account.AccountId, secret, id));
        return changed;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var tunnel in Running)
        {
            await tunnel.StopAsync(TimeSpan.Zero, CancellationToken.None).ConfigureAwait(false);
        }

        lock (_lock)
        {
            _running.Clear();
        }

        _starting.Dispose();
    }

    private async Task CheckIdleAsync(TunnelInfo tunnel, CancellationToken cancellationToken)
    {
        var connectors = new HashSet<Guid>();
        await foreach (var connection in new TunnelCatalog(_account).ListConnectionsAsync(tunnel, cancellationToken).ConfigureAwait(false))
        {
            connectors.Add(connection.ClientId);
        }

        if (connectors.Count > 0 || Running.Any(t => t.Id == Guid.Parse(tunnel.Id) && t.IsRunningHere))
        {
            throw new ResourceConflictException(
                $"The tunnel '{tunnel.Name}' is run by {(connectors.Count == 1 ? "a connector" : $"{connectors.Count} connectors")}. "
                + "Stop them first (Get-TunnelConnection shows them), or cut them off with -Force.");
        }
    }

    private void CheckNotRunning(string hostname, string name)
    {
        foreach (var tunnel in Running.Where(static t => t.State is not (ConnectorState.Stopped or ConnectorState.Failed)))
        {
            if (tunnel.Hostname == hostname)
            {
                throw new SshTunnelException(
                    SshTunnelError.HostnameTaken,
                    $"{hostname} is carried to {tunnel.Url} by the tunnel '{tunnel.Name}' of this session. Stop it first (Stop-SshTunnel).");
            }

            if (tunnel.Name == name)
            {
                throw new SshTunnelException(
                    SshTunnelError.TunnelTaken, $"The tunnel '{name}' of this session carries {tunnel.Hostname}: choose another -Name.");
            }
        }
    }

    private static bool Matches(SshTunnel tunnel, string? identity) =>
        identity is null
        || string.Equals(tunnel.Name, identity, StringComparison.OrdinalIgnoreCase)
        || string.Equals(tunnel.Hostname, identity, StringComparison.OrdinalIgnoreCase)
        || (Guid.TryParse(identity, out var id) && id == tunnel.Id);
}
