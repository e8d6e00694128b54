using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Tunnel.Protocol.Registration;
using Tunnel.Protocol.Streams;

namespace Tunnel.Core.Connector;

/// <summary>One connection to the edge from the dial to the close: registered, serving streams, unregistered.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Kestrel disposes of the connection that it is handed")]
internal sealed class EdgeConnection(
    byte index, Guid clientId, ConnectorOptions options, EdgeDialer dialer, ConnectorServer server, OriginProxy origins)
{
    /// <summary>How long an edge may take to close a connection on which nothing is open any more.</summary>
    private static readonly TimeSpan s_closeTimeout = TimeSpan.FromSeconds(5);

    private readonly ILogger _log = options.LoggerFactory.CreateLogger<EdgeConnection>();

    private readonly TaskCompletionSource<ConnectionDetails> _registered =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly TaskCompletionSource _unregister = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DialedConnection? _connection;
    private int _controlStreams;
    private int _openStreams;
    private int _attempt;

    public int OpenStreams => Volatile.Read(ref _openStreams);

    public EndPoint? EdgeEndPoint => _connection?.RemoteEndPoint;

    /// <summary>Completes when the connection is closed, by whichever side.</summary>
    public Task Closed => _connection?.Disposed ?? Task.CompletedTask;

    /// <summary>Dials, and returns once the edge has accepted the registration.</summary>
    /// <exception cref="ConnectorException">The edge cannot be reached or refuses.</exception>
    public async Task<ConnectionDetails> OpenAsync(int attempt, CancellationToken cancellationToken)
    {
        _attempt = attempt;
        _connection = new DialedConnection(await dialer.DialAsync(index, attempt, cancellationToken).ConfigureAwait(false));
        server.Serve(_connection, this);
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(options.DialTimeout);
            var ended = _connection.Disposed;
            if (await Task.WhenAny(_registered.Task, ended).WaitAsync(limit.Token).ConfigureAwait(false) == ended)
            {
                _registered.TrySetException(new ConnectorException("The edge closed the connection before it was registered."));
            }

            return await _registered.Task.ConfigureAwait(false);
        }
        catch (Exception error)
        {
            Abort();
            if (error is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                throw new ConnectorException("The edge did not register the connection in time.", innerException: error);
            }

            throw;
        }
    }

    /// <summary>Unregisters, lets the open streams end, and closes; aborts what is left when cancelled.</summary>
    public async Task CloseAsync(CancellationToken graceOver)
    {
        try
        {
            _unregister.TrySetResult();
            // The control stream counts as open until the edge has answered the unregistration.
            if (Volatile.Read(ref _openStreams) > 0)
            {
                await Task.WhenAny(_drained.Task, Closed).WaitAsync(graceOver).ConfigureAwait(false);
            }

            // What the streams sent last may still be on its way. The edge, which has it all, closes the connection.
            await Closed.WaitAsync(s_closeTimeout, options.TimeProvider, graceOver)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (OperationCanceledException)
        {
            _log.LogInformation("Connection {Index}: the grace period is over; {Streams} streams are cut off", index, OpenStreams);
        }
        finally
        {
            Abort();
        }
    }

    public void Abort() => _connection?.Abort(new ConnectionAbortedException());

    /// <summary>Serves one stream that the edge opened.</summary>
    public async Task ServeAsync(HttpContext context)
    {
        Interlocked.Increment(ref _openStreams);
        try
        {
            var headers = context.Request.Headers;
            var kind = StreamKinds.From(headers[StreamHeaders.ConnectionUpgrade], headers.ContainsKey(StreamHeaders.ProxySource));
            if (kind == StreamKind.Control)
            {
                await ServeControlStreamAsync(context).ConfigureAwait(false);
            }
            else if (kind != StreamKind.Configuration && !await IsRegisteredAsync(context.RequestAborted).ConfigureAwait(false))
            {
                // Nobody opens streams before the edge has proven, by its answer, that it knows the tunnel.
                context.Response.StatusCode = StatusCodes.Status502BadGateway;
            }
            else
            {
                await origins.ServeAsync(context, kind).ConfigureAwait(false);
            }
        }
        finally
        {
            if (Interlocked.Decrement(ref _openStreams) == 0 && _unregister.Task.IsCompleted)
            {
                _drained.TrySetResult();
            }
        }
    }

    /// <summary>Waits: an edge opens streams, and sends rules, as soon as it has answered, which may not be read here yet.</summary>
    private async ValueTask<bool> IsRegisteredAsync(CancellationToken cancellationToken)
    {
        await ((Task)_registered.Task).WaitAsync(options.RpcTimeout, options.TimeProvider, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return _registered.Task.IsCompletedSuccessfully;
    }

    private async Task ServeControlStreamAsync(HttpContext context)
    {
        if (Interlocked.Increment(ref _controlStreams) > 1)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        var ended = context.RequestAborted;
        await context.Response.StartAsync(ended).ConfigureAwait(false);
        await context.Response.BodyWriter.FlushAsync(ended).ConfigureAwait(false);
        var client = new RegistrationClient(new ControlPipe(context.Request.BodyReader, context.Response.BodyWriter));
        await using (client.ConfigureAwait(false))
        {
            ConnectionDetails details;
            try
            {
                details = await CallAsync(token => client.RegisterAsync(Request(), token), ended).ConfigureAwait(false);
            }
            catch (Exception error)
            {
                _registered.TrySetException(Explain(error));
                return;
            }

            _registered.TrySetResult(details);
            if (index == 0 && !details.IsRemotelyManaged)
            {
                await PushConfigurationAsync(client, ended).ConfigureAwait(false);
            }

            await Task.WhenAny(_unregister.Task, client.Completion).ConfigureAwait(false);
            if (_unregister.Task.IsCompleted && !client.Completion.IsCompleted)
            {
                await UnregisterAsync(client, ended).ConfigureAwait(false);
            }
            else
            {
                // Without a control stream the edge cannot stop us nor we it: start anew.
                Abort();
            }
        }
    }

    private RegistrationRequest Request()
    {
        var credentials = options.Credentials;
        return new RegistrationRequest(
            new TunnelAuth(credentials.AccountTag, credentials.TunnelSecret),
            credentials.TunnelId,
            index,
            new ConnectionOptions(
                new ClientInfo(clientId, ["serialized_headers", "allow_remote_config"], options.Version, Platform.Name),
                (_connection?.LocalEndPoint as IPEndPoint)?.Address,
                // After a lost connection the edge may not have noticed yet: what it still holds is ours to replace.
                ReplaceExisting: true,
                CompressionQuality: 0,
                (byte)Math.Min(_attempt, byte.MaxValue)));
    }

    private async Task PushConfigurationAsync(RegistrationClient client, CancellationToken cancellationToken)
    {
        try
        {
            await CallAsync(
                async token =>
                {
                    await client.UpdateLocalConfigurationAsync(options.Configuration.ToJson(), token).ConfigureAwait(false);
                    return 0;
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            // The edge only shows it to people; the tunnel works without.
            _log.LogWarning(error, "The edge did not take the configuration");
        }
    }

    private async Task UnregisterAsync(RegistrationClient client, CancellationToken cancellationToken)
    {
        try
        {
            await CallAsync(
                async token =>
                {
                    await client.UnregisterAsync(token).ConfigureAwait(false);
                    await client.ShutdownAsync(token).ConfigureAwait(false);
                    return 0;
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            _log.LogDebug(error, "Connection {Index} was not unregistered", index);
        }
    }

    private async Task<T> CallAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.RpcTimeout);
        return await call(limit.Token).ConfigureAwait(false);
    }

    private static ConnectorException Explain(Exception error) => error switch
    {
        // What the edge still holds of a connection that we lost goes away by itself, whatever the flag says.
        RegistrationException { Cause: RegistrationException.DuplicateConnection } duplicate => new ConnectorException(
            "The edge still holds an earlier connection of this connector.", innerException: duplicate)
        { RetryAfter = duplicate.RetryAfter },
        RegistrationException refusal => new ConnectorException(
            $"The edge refused the tunnel: {refusal.Cause}", isFinal: !refusal.ShouldRetry, refusal)
        { RetryAfter = refusal.RetryAfter },
        OperationCanceledException => new ConnectorException("The edge did not answer the registration in time.", innerException: error),
        _ => new ConnectorException($"The registration failed: {error.Message}", innerException: error),
    };

    private sealed record ControlPipe(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
