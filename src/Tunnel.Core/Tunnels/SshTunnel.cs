using System.Globalization;
using Tunnel.Core.Accounts;
using Tunnel.Core.Api;
using Tunnel.Core.Connector;
using Tunnel.Protocol.Configuration;

namespace Tunnel.Core.Tunnels;

/// <summary>
/// A tunnel of the account: one that this session runs, whose state is live, or another, as the API told it. Thread-safe.
/// </summary>
public sealed class SshTunnel
{
    private readonly TunnelConnector? _connector;
    private readonly SshTunnelServiceOptions? _options;
    private readonly ConnectorState _told;

    internal SshTunnel(
        TunnelAccount account, SshTunnelPlan plan, Guid id, TunnelFiles files, TunnelConnector connector, SshTunnelServiceOptions options)
    {
        Id = id;
        Name = plan.Name;
        Hostname = plan.Hostname;
        Url = plan.Url;
        AccountId = account.AccountId;
        Application = plan.Application?.Name;
        RequiresAccess = plan.Requirement.Required;
        Warnings = plan.Warnings;
        StartedAt = options.TimeProvider.GetUtcNow();
        CredentialsFile = files.CredentialsFile(id);
        ConfigurationFile = files.ConfigurationFile(id);
        _options = options;
        _connector = connector;
        connector.StateChanged += OnStateChanged;
    }

    internal SshTunnel(TunnelAccount account, TunnelInfo info, TunnelFiles files)
    {
        Id = Guid.Parse(info.Id);
        Name = info.Name;
        AccountId = account.AccountId;
        StartedAt = info.ConnsActiveAt is { Year: > 1 } since ? since : null;
        if (files.FindRule(Id) is { } rule)
        {
            Hostname = rule.Hostname;
            Url = rule.Service.ToString();
            RequiresAccess = rule.OriginRequest.Access.Required;
        }

        CredentialsFile = File.Exists(files.CredentialsFile(Id)) ? files.CredentialsFile(Id) : null;
        ConfigurationFile = File.Exists(files.ConfigurationFile(Id)) ? files.ConfigurationFile(Id) : null;
        _told = info.Status switch
        {
            "healthy" => ConnectorState.Healthy,
            "degraded" => ConnectorState.Degraded,
            "down" => ConnectorState.Down,
            _ => ConnectorState.Inactive,
        };
    }

    /// <summary>Raised after each change, one at a time, on a thread of the engine: handlers must be quick.</summary>
    public event EventHandler<ConnectorEvent>? StateChanged;

    public Guid Id { get; }

    public string Name { get; }

    /// <summary>Null if this machine does not know it.</summary>
    public string? Hostname { get; }

    /// <summary>The origin, such as <c>ssh://localhost:22</c>. Null if this machine does not know it.</summary>
    public string? Url { get; }

    public string AccountId { get; }

    /// <summary>The name of the Access application that covered the hostname at the start; null: none.</summary>
    public string? Application { get; }

    /// <summary>Whether the connector refuses what carries no Access token of the application.</summary>
    public bool RequiresAccess { get; }

    public ConnectorState State => _connector?.State ?? _told;

    /// <summary>The connections of this session's connector.</summary>
    public IReadOnlyList<ConnectionStatus> Connections => _connector?.Connections ?? [];

    /// <summary>Whether this session runs it.</summary>
    public bool IsRunningHere => _connector is { State: not (ConnectorState.Stopped or ConnectorState.Failed) };

    public DateTimeOffset? StartedAt { get; }

    public string? CredentialsFile { get; }

    public string? ConfigurationFile { get; }

    /// <summary>What a person should know, one line each.</summary>
    public IReadOnlyList<string> Warnings { get; } = [];

    /// <summary>The last change.</summary>
    public ConnectorEvent? LastEvent { get; private set; }

    /// <summary>Ends with the connector; faulted if the edge refused it for good.</summary>
    public Task Completion => _connector?.Completion ?? Task.CompletedTask;

    /// <summary>Waits until the connections are registered.</summary>
    /// <param name="timeout">How long at most; infinite is allowed.</param>
    /// <param name="connections">How many; null: all that the tunnel keeps.</param>
    /// <param name="cancellationToken">Stops the waiting only.</param>
    /// <exception cref="SshTunnelException">Not in time, or it does not run here.</exception>
    /// <exception cref="ConnectorException">The edge refused it for good, or it was stopped.</exception>
    public async Task WaitAsync(TimeSpan timeout, int? connections = null, CancellationToken cancellationToken = default)
    {
        var connector = _connector ?? throw NotHere();
        using var limit = new CancellationTokenSource(timeout, _options!.TimeProvider);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await connector.WaitUntilHealthyAsync(connections ?? connector.Connections.Count, both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SshTunnelException(SshTunnelError.Timeout, string.Create(
                CultureInfo.InvariantCulture,
                $"The tunnel '{Name}' is {State} after {timeout.TotalSeconds:0.#} s. {LastEvent?.Message}"), LastEvent?.Error);
        }
    }

    public override string ToString() => $"{Name} ({Hostname}, {State})";

    /// <summary>Unregisters, lets open streams end within the grace period, and frees everything.</summary>
    internal async Task StopAsync(TimeSpan? grace, CancellationToken cancellationToken)
    {
        if (_connector is not null)
        {
            await _connector.StopAsync(grace, cancellationToken).ConfigureAwait(false);
            await _connector.DisposeAsync().ConfigureAwait(false);
        }
    }

    internal bool IsSame(string hostname, OriginService service, string? name, bool requiresAccess) =>
        Hostname == hostname && Url == service.ToString() && RequiresAccess == requiresAccess && (name is null || name == Name);

    internal SshTunnelException NotHere() => new(
        SshTunnelError.NotFound, $"The tunnel '{Name}' is not run by this session. Start it with Start-SshTunnel.");

    private void OnStateChanged(object? sender, ConnectorEvent change)
    {
        LastEvent = change;
        StateChanged?.Invoke(this, change);
    }
}
