using Polly;
using Polly.Retry;

namespace Tunnel.Core.Connector;

/// <summary>Keeps one of a connector's connections up: opens it, waits until it is lost, opens it again.</summary>
/// <param name="changed">Told in words whenever the connection's state has changed.</param>
internal sealed class ConnectionLoop(
    byte index, ConnectorOptions options, Func<EdgeConnection> create, Action<byte, string, Exception?> changed)
{
    /// <summary>A connection that lived shorter than this has not proven that the next one will do better.</summary>
    private static readonly TimeSpan s_shortLife = TimeSpan.FromSeconds(1);

    private const int ShortDelays = 60;
    private static readonly TimeSpan s_mostAtFirst = TimeSpan.FromSeconds(1);

    private readonly ConnectionStatus _lost = new(index, false, null, null, null, 0, null);
    private volatile EdgeConnection? _open;
    private volatile ConnectionStatus? _registered;

    public ConnectionStatus Status =>
        _registered is { } status ? status with { OpenStreams = _open?.OpenStreams ?? 0 } : _lost;

    /// <summary>Runs until the connector stops; then the open connection is closed gracefully.</summary>
    /// <param name="stopping">Cancelled when the connector stops.</param>
    /// <param name="graceOver">Cancelled when open streams have to end.</param>
    /// <exception cref="ConnectorException">The edge refused for good.</exception>
    public async Task RunAsync(CancellationToken stopping, CancellationToken graceOver)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                _open = await OpenAsync(stopping).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }

            var opened = options.TimeProvider.GetTimestamp();
            await _open.Closed.WaitAsync(stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var stops = stopping.IsCancellationRequested;
            if (stops)
            {
                await _open.CloseAsync(graceOver).ConfigureAwait(false);
            }

            (_registered, _open) = (null, null);
            changed(index, stops ? "unregistered from the edge" : "lost the edge and reconnects", null);
            if (options.TimeProvider.GetElapsedTime(opened) < s_shortLife)
            {
                await Task.Delay(s_shortLife, options.TimeProvider, stopping)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<EdgeConnection> OpenAsync(CancellationToken stopping)
    {
        var attempt = -1;
        return await BackOff().ExecuteAsync(
            async token =>
            {
                attempt++;
                var connection = create();
                var details = await connection.OpenAsync(attempt, token).ConfigureAwait(false);
                _open = connection;
                _registered = new ConnectionStatus(
                    index, true, details.ConnectionId, details.LocationName, connection.EdgeEndPoint, 0,
                    options.TimeProvider.GetUtcNow());
                changed(index, $"registered with the edge at {details.LocationName}", null);
                return connection;
            },
            stopping).ConfigureAwait(false);
    }

    private ResiliencePipeline BackOff() => new ResiliencePipelineBuilder { TimeProvider = options.TimeProvider }
        .AddRetry(new RetryStrategyOptions
        {
            // Only the edge's refusal is final: a connector that gives up for any other reason leaves a server that nobody reaches.
            ShouldHandle = new PredicateBuilder().Handle<Exception>(
                error => error is not (ConnectorException { IsFinal: true } or OperationCanceledException)),
            MaxRetryAttempts = int.MaxValue,
            DelayGenerator = retry => ValueTask.FromResult<TimeSpan?>(
                retry.Outcome.Exception is ConnectorException { RetryAfter: var asked } && asked > TimeSpan.Zero
                    ? asked : Delay(retry.AttemptNumber)),
            OnRetry = retry =>
            {
                changed(index, $"{retry.Outcome.Exception?.Message} Trying again in {retry.RetryDelay.TotalSeconds:0.0} s.",
                    retry.Outcome.Exception);
                return ValueTask.CompletedTask;
            },
        })
        .Build();

    /// <summary>
    /// Doubles with each try, and is spread so that the connectors of an edge that comes back do not come all at once.
    /// For the first minute it stays short: an edge that restarts is missed for seconds, one that is down for longer.
    /// </summary>
    private TimeSpan Delay(int attempt)
    {
        var most = attempt < ShortDelays && options.MaxReconnectDelay > s_mostAtFirst ? s_mostAtFirst : options.MaxReconnectDelay;
        var doubled = options.ReconnectDelay.TotalMilliseconds * Math.Pow(2, Math.Min(attempt, 20));
        return TimeSpan.FromMilliseconds(Math.Min(doubled, most.TotalMilliseconds) * (0.5 + (Random.Shared.NextDouble() / 2)));
    }
}
