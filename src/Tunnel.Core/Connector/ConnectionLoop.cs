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
            ShouldHandle = new PredicateBuilder().Handle<ConnectorException>(error => !error.IsFinal),
            MaxRetryAttempts = int.MaxValue,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = options.ReconnectDelay,
            MaxDelay = options.MaxReconnectDelay,
            DelayGenerator = static outcome => ValueTask.FromResult<TimeSpan?>(
                outcome.Outcome.Exception is ConnectorException { RetryAfter: var asked } && asked > TimeSpan.Zero
                    ? asked : null),
            OnRetry = retry =>
            {
                changed(index, $"{retry.Outcome.Exception?.Message} Trying again in {retry.RetryDelay.TotalSeconds:0.0} s.",
                    retry.Outcome.Exception);
                return ValueTask.CompletedTask;
            },
        })
        .Build();
}
