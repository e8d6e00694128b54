using Microsoft.Extensions.Logging;
using Tunnel.Protocol.Configuration;

namespace Tunnel.Core.Connector;

/// <summary>
/// Carries visitors' streams from the edge to local services, over connections that it dialled itself. It keeps
/// several connections, so that losing one loses no service, and reconnects by itself.
/// </summary>
/// <example><code>
/// await using var connector = new TunnelConnector(new ConnectorOptions { Credentials = …, Configuration = … });
/// await connector.StartAsync(cancellationToken);
/// await connector.WaitUntilHealthyAsync(1, cancellationToken);
/// </code></example>
public sealed class TunnelConnector : IAsyncDisposable
{
    private readonly ConnectorOptions _options;
    private readonly ILogger _log;
    private readonly ConnectorServer _server;
    private readonly ConnectionLoop[] _loops;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _graceOver = new();
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _firstRegistered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _completion = Task.CompletedTask;
    private int _registered;
    private bool _wasUp;
    private bool _disposed;

    public TunnelConnector(ConnectorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Connections, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Connections, byte.MaxValue);
        _options = options;
        _log = options.LoggerFactory.CreateLogger<TunnelConnector>();
        _server = new ConnectorServer(options.LoggerFactory);
        ClientId = Guid.NewGuid();
        var dialer = new EdgeDialer(options);
        Origins = new OriginProxy(options);
        _loops = [.. Enumerable.Range(0, options.Connections).Select(index => new ConnectionLoop(
            (byte)index,
            options,
            () => new EdgeConnection((byte)index, ClientId, options, dialer, _server, Origins),
            OnConnectionChanged))];
    }

    /// <summary>Raised after each change, one at a time, on a thread of the engine: handlers must be quick.</summary>
    public event EventHandler<ConnectorEvent>? StateChanged;

    /// <summary>This run's name at the edge; new with every start of the program.</summary>
    public Guid ClientId { get; }

    public ConnectorState State { get; private set; }

    /// <summary>Ends when the connector has stopped; faulted with a <see cref="ConnectorException"/> if it was refused for good.</summary>
    public Task Completion => _completion;

    /// <summary>The rules in force: the options', or what the edge has sent since.</summary>
    public TunnelConfiguration Configuration => Origins.Configuration;

    public IReadOnlyList<ConnectionStatus> Connections => [.. _loops.Select(loop => loop.Status)];

    internal OriginProxy Origins { get; }

    /// <summary>Starts connecting and returns; <see cref="WaitUntilHealthyAsync"/> tells when it is reachable.</summary>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (State != ConnectorState.Inactive)
            {
                throw new InvalidOperationException("A connector is started once; make a new one.");
            }

            State = ConnectorState.Connecting;
        }

        await _server.StartAsync(cancellationToken).ConfigureAwait(false);
        _completion = RunAsync();
    }

    /// <summary>Waits until that many connections are registered (at most as many as it keeps).</summary>
    /// <exception cref="ConnectorException">It was refused for good, or stopped meanwhile.</exception>
    public async Task WaitUntilHealthyAsync(int connections = 1, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var changed = Volatile.Read(ref _changed).Task;
            // Under the lock: who is let go on finds the state that goes with the count.
            lock (_gate)
            {
                if (_registered >= Math.Min(connections, _loops.Length))
                {
                    return;
                }
            }

            if (_completion.IsCompleted)
            {
                await _completion.ConfigureAwait(false);
                throw new ConnectorException("The connector was stopped.", isFinal: true);
            }

            await Task.WhenAny(changed, _completion).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Unregisters, so that no new streams come, and gives the open ones the grace period to end.</summary>
    /// <param name="grace">Overrides the options' grace period.</param>
    /// <param name="cancellationToken">Cuts the open streams off at once; the connector still ends in order.</param>
    public async Task StopAsync(TimeSpan? grace = null, CancellationToken cancellationToken = default)
    {
        if (Volatile.Read(ref _disposed))
        {
            return;
        }

        await StopCoreAsync(grace, cancellationToken).ConfigureAwait(false);
    }

    private async Task StopCoreAsync(TimeSpan? grace, CancellationToken cancellationToken)
    {
        if (!_completion.IsCompleted && !_stopping.IsCancellationRequested)
        {
            Publish(ConnectorState.Stopping, null, "The connector stops.", null);
        }

        _graceOver.CancelAfter(grace ?? _options.GracePeriod);
        await _stopping.CancelAsync().ConfigureAwait(false);
        var abort = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _graceOver);
        await using (abort.ConfigureAwait(false))
        {
            await _completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true))
        {
            return;
        }

        await StopCoreAsync(TimeSpan.Zero, CancellationToken.None).ConfigureAwait(false);
        await _server.DisposeAsync().ConfigureAwait(false);
        Origins.Dispose();
        _stopping.Dispose();
        _graceOver.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            // The first connection finds out whether the edge wants us at all; then the others start together.
            var loops = new List<Task> { RunLoopAsync(_loops[0]) };
            await Task.WhenAny(_firstRegistered.Task, loops[0]).ConfigureAwait(false);
            loops.AddRange(_loops.Skip(1).Select(RunLoopAsync));
            await Task.WhenAll(loops).ConfigureAwait(false);
            Publish(ConnectorState.Stopped, null, "The connector has stopped.", null);
        }
        catch (Exception error)
        {
            Publish(ConnectorState.Failed, null, error.Message, error);
            throw;
        }
    }

    private async Task RunLoopAsync(ConnectionLoop loop)
    {
        try
        {
            await loop.RunAsync(_stopping.Token, _graceOver.Token).ConfigureAwait(false);
        }
        catch
        {
            // What is final for one connection is final for all: they carry the same credentials.
            _graceOver.CancelAfter(_options.GracePeriod);
            await _stopping.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }

    private void OnConnectionChanged(byte index, string message, Exception? error)
    {
        lock (_gate)
        {
            // Counted under the lock: of two that change at once the later one publishes what is true after both.
            _registered = _loops.Count(loop => loop.Status.IsRegistered);
            _wasUp |= _registered > 0;
            var state = _stopping.IsCancellationRequested ? ConnectorState.Stopping
                : _registered == _loops.Length ? ConnectorState.Healthy
                : _registered > 0 ? ConnectorState.Degraded
                : _wasUp ? ConnectorState.Down
                : ConnectorState.Connecting;
            Publish(state, index, $"Connection {index}: {message}", error);
        }

        if (_wasUp)
        {
            _firstRegistered.TrySetResult();
        }
    }

    private void Publish(ConnectorState state, byte? index, string message, Exception? error)
    {
        lock (_gate)
        {
            State = state;
            _log.Log(error is null ? LogLevel.Information : LogLevel.Warning, "{Message}", message);
            StateChanged?.Invoke(this, new ConnectorEvent(_options.TimeProvider.GetUtcNow(), state, index, message, error));
        }

        Interlocked.Exchange(ref _changed, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }
}
