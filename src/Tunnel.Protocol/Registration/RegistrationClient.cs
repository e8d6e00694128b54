using System.IO.Pipelines;
using Tunnel.Protocol.CapnProto;
using Tunnel.Protocol.Rpc;

namespace Tunnel.Protocol.Registration;

/// <summary>
/// The connector's side of a control stream: calls the edge's <c>RegistrationServer</c> of tunnelrpc.capnp. It asks for
/// the edge's capability when it is made and calls it without waiting for that, so that registering takes one round trip.
/// A call whose token is cancelled is finished at the edge, too; timeouts are the caller's.
/// </summary>
/// <example>
/// <code>
/// await using var client = new RegistrationClient(controlStream);
/// var details = await client.RegisterAsync(request, cancellationToken);
/// </code>
/// </example>
public sealed class RegistrationClient : IAsyncDisposable
{
    private const string ShutdownReason = "rpc: shutdown";

    private readonly CancellationTokenSource _disposed = new();
    private readonly RpcConnection _connection;
    private readonly RemoteCapability _edge;
    private bool _isDisposed;

    /// <param name="transport">The control stream: input is what the edge sends. Completed at the end.</param>
    /// <param name="options">Bounds; <see cref="RpcOptions.Default"/> if null.</param>
    public RegistrationClient(IDuplexPipe transport, RpcOptions? options = null)
    {
        _connection = new RpcConnection(transport, options);
        _edge = _connection.Bootstrap();
        Completion = RunAsync();
    }

    /// <summary>
    /// Completes when the edge ends the stream or aborts, or the client is disposed. Faults with an
    /// <see cref="RpcException"/> when the edge violates the protocol or the transport breaks.
    /// </summary>
    public Task Completion { get; }

    /// <summary>What the edge said as it aborted; null if it did not.</summary>
    public string? AbortReason => _connection.PeerAbort?.Message;

    /// <summary>Registers this connection.</summary>
    /// <exception cref="RegistrationException">The edge refuses.</exception>
    /// <exception cref="RpcException">The call failed, or the connection ended.</exception>
    public Task<ConnectionDetails> RegisterAsync(RegistrationRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return CallAsync(
            RegistrationInterface.RegisterConnection,
            parameters => RegistrationEncoding.WriteRequest(parameters, request),
            RegistrationEncoding.ReadResponse,
            cancellationToken);
    }

    /// <summary>Tells the edge to open no more streams on this connection.</summary>
    /// <exception cref="RpcException">The call failed, or the connection ended.</exception>
    public Task UnregisterAsync(CancellationToken cancellationToken) => CallAsync(
        RegistrationInterface.UnregisterConnection,
        parameters => parameters.InitStruct(0, 0),
        _ => true,
        cancellationToken);

    /// <summary>Sends the configuration that the connector runs with, as JSON.</summary>
    /// <exception cref="RpcException">The call failed, or the connection ended.</exception>
    public Task UpdateLocalConfigurationAsync(ReadOnlyMemory<byte> json, CancellationToken cancellationToken) => CallAsync(
        RegistrationInterface.UpdateLocalConfiguration,
        parameters => RegistrationEncoding.WriteConfiguration(parameters, json.Span),
        _ => true,
        cancellationToken);

    /// <summary>
    /// Ends the connection gracefully: sends Abort "rpc: shutdown", which is how cloudflared says it, and completes the
    /// output. Calls that wait fail; <see cref="Completion"/> then waits for the edge to end its side.
    /// </summary>
    public Task ShutdownAsync(CancellationToken cancellationToken) =>
        _connection.AbortAsync(ShutdownReason, cancellationToken);

    /// <summary>Stops receiving and completes both directions, with no word to the edge.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            return;
        }

        await _disposed.CancelAsync().ConfigureAwait(false);
        await Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _disposed.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            await _connection.RunAsync(_disposed.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_disposed.IsCancellationRequested)
        {
        }
    }

    private async Task<T> CallAsync<T>(
        ushort method, Action<PointerBuilder> parameters, Func<StructReader, T> read, CancellationToken cancellationToken)
    {
        try
        {
            return read(await _edge.CallAsync(RegistrationInterface.Id, method, parameters, cancellationToken)
                .ConfigureAwait(false));
        }
        catch (CapnProtoException e)
        {
            throw new RpcException(RpcExceptionType.Failed, $"The edge's answer cannot be read: {e.Message}", e);
        }
    }
}
