using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Text;
using Microsoft.Extensions.Logging;
using Tunnel.Protocol.Registration;
using Tunnel.Protocol.Streams;

namespace Tunnel.Edge.Tunnels;

/// <summary>
/// One connection that a connector dialled. Here the edge is the HTTP/2 client: it opens the control stream, on which
/// the connector registers, and then a stream for each visitor.
/// </summary>
internal sealed class ConnectorConnection : IRegistrationHandler, IAsyncDisposable
{
    /// <summary>The handler pools by authority, so every request of a connection has this one.</summary>
    private static readonly Uri s_authority = new("http://h2.cftunnel.com/");

    private static readonly TimeSpan s_registrationTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_drainTimeout = TimeSpan.FromSeconds(30);

    private readonly SslStream _stream;
    private readonly TunnelConnections _connections;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly HttpMessageInvoker _client;
    private readonly CancellationTokenSource _closing = new(); // has no timer: nothing to dispose of
    private readonly TaskCompletionSource _registered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private int _openStreams;
    private bool _handed;

    public ConnectorConnection(SslStream stream, IPEndPoint remote, TunnelConnections connections, TimeProvider time, ILogger log)
    {
        _stream = stream;
        Remote = remote;
        _connections = connections;
        _time = time;
        _log = log;
        _client = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ConnectCallback = HandOverAsync,
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            MaxConnectionsPerServer = 1,
            PooledConnectionLifetime = Timeout.InfiniteTimeSpan,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            KeepAlivePingDelay = TimeSpan.FromSeconds(10),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.Always,
            InitialHttp2StreamWindowSize = 1024 * 1024, // what a slow visitor may leave waiting
            MaxResponseHeadersLength = 64, // KiB
            ResponseDrainTimeout = TimeSpan.Zero,
            MaxResponseDrainSize = 0,
            RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1, // header values are bytes, not text
            ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
        });
    }

    public IPEndPoint Remote { get; }

    /// <summary>What the connector said of itself; null until it is registered.</summary>
    public RegistrationRequest? Registration { get; internal set; }

    public Guid Id { get; } = Guid.NewGuid();

    public DateTimeOffset OpenedAt { get; private set; }

    /// <summary>It has unregistered, or is being closed: no new streams.</summary>
    public bool IsDraining { get; private set; }

    public int OpenStreams => Volatile.Read(ref _openStreams);

    /// <summary>Serves the connection until it ends.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
        try
        {
            using var control = await OpenControlStreamAsync(stop.Token).ConfigureAwait(false);
            var input = await control.GetInputAsync(stop.Token).ConfigureAwait(false);
            var output = await control.Output.WaitAsync(stop.Token).ConfigureAwait(false);
            var server = new RegistrationServer(
                new StreamPipe(PipeReader.Create(input), PipeWriter.Create(output)), this);
            var running = server.RunAsync(stop.Token);
            await Task.WhenAny(_registered.Task, running).WaitAsync(s_registrationTimeout, _time, stop.Token).ConfigureAwait(false);
            await _connections.PushCurrentConfigurationAsync(this, stop.Token).ConfigureAwait(false);
            await running.ConfigureAwait(false);
            control.CompleteOutput();
            await DrainAsync(stop.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            if (!stop.IsCancellationRequested)
            {
                _log.LogInformation("The connection from {Remote} ended: {Reason}", Remote, error.Message);
            }
        }
    }

    /// <summary>Opens a stream and waits for the connector's answer.</summary>
    /// <param name="request">Its URI is replaced; host and path come from <paramref name="host"/> and <paramref name="pathAndQuery"/>.</param>
    /// <exception cref="ConnectorUnavailableException">The connection died before the connector answered.</exception>
    public async Task<ConnectorStream> OpenAsync(
        HttpRequestMessage request, string host, string pathAndQuery, CancellationToken cancellationToken)
    {
        // Not by Uri's two-part constructor: for it "//other/" would be another authority.
        request.RequestUri = new Uri(s_authority.GetLeftPart(UriPartial.Authority) + pathAndQuery);
        request.Version = HttpVersion.Version20;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        request.Headers.Host = host;
        Interlocked.Increment(ref _openStreams);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
        try
        {
            var response = await _client.SendAsync(request, limit.Token).ConfigureAwait(false);
            return new ConnectorStream(request, request.Content as HandedOutContent, response, StreamEnded);
        }
        catch (Exception error) when (error is HttpRequestException or IOException or OperationCanceledException)
        {
            StreamEnded();
            cancellationToken.ThrowIfCancellationRequested();
            throw new ConnectorUnavailableException($"The connection from {Remote} is gone: {error.Message}", error);
        }
        catch
        {
            StreamEnded();
            throw;
        }
    }

    /// <summary>Closes at once; whoever holds a stream sees it end.</summary>
    public void Close()
    {
        IsDraining = true;
        _closing.Cancel();
    }

    async ValueTask<ConnectionDetails> IRegistrationHandler.RegisterAsync(RegistrationRequest request, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (Registration is not null)
            {
                throw new RegistrationException("This connection is registered already.");
            }

            OpenedAt = _time.GetUtcNow();
            var details = _connections.Register(this, request);
            _registered.TrySetResult();
            return details;
        }
    }

    ValueTask IRegistrationHandler.UnregisterAsync(CancellationToken cancellationToken)
    {
        IsDraining = true;
        _connections.Unregister(this);
        return ValueTask.CompletedTask;
    }

    ValueTask IRegistrationHandler.UpdateLocalConfigurationAsync(ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        if (Registration is { } registration)
        {
            _connections.SetLocalConfiguration(registration.TunnelId, json);
        }

        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        IsDraining = true;
        _connections.Unregister(this);
        _client.Dispose();
        await _stream.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<ConnectorStream> OpenControlStreamAsync(CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, s_authority) { Content = new HandedOutContent() };
        request.Headers.TryAddWithoutValidation(StreamHeaders.ConnectionUpgrade, StreamHeaders.UpgradeControlStream);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_registrationTimeout);
        var control = await OpenAsync(request, s_authority.Host, "/", limit.Token).ConfigureAwait(false);
        Interlocked.Decrement(ref _openStreams); // the control stream is not a visitor's
        return control;
    }

    /// <summary>After the unregistration the open streams may end; then the connector waits for us to close.</summary>
    private async Task DrainAsync(CancellationToken cancellationToken)
    {
        if (IsDraining && OpenStreams > 0)
        {
            await _drained.Task.WaitAsync(s_drainTimeout, _time, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void StreamEnded()
    {
        if (Interlocked.Decrement(ref _openStreams) <= 0 && IsDraining)
        {
            _drained.TrySetResult();
        }
    }

    private ValueTask<Stream> HandOverAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _handed, true))
        {
            return ValueTask.FromException<Stream>(new IOException("The connector's connection has ended."));
        }

        return ValueTask.FromResult<Stream>(_stream);
    }

    private sealed record StreamPipe(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
