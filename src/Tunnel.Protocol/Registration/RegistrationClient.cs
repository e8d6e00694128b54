using System.IO.Pipelines;

namespace Tunnel.Protocol.Registration;

/// <summary>The connector's side of a control stream.</summary>
public sealed class RegistrationClient(IDuplexPipe transport) : IAsyncDisposable
{
    /// <summary>Completes when the edge ends the stream or aborts; faults when it violates the protocol.</summary>
    public Task Completion => throw new NotImplementedException();

    /// <summary>Registers this connection.</summary>
    public Task<ConnectionDetails> RegisterAsync(RegistrationRequest request, CancellationToken cancellationToken)
    {
        _ = transport;
        throw new NotImplementedException();
    }

    /// <summary>Tells the edge to open no more streams.</summary>
    public Task UnregisterAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Sends the configuration that the connector runs with.</summary>
    public Task UpdateLocalConfigurationAsync(ReadOnlyMemory<byte> json, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>Sends Abort "rpc: shutdown" and completes the output.</summary>
    public Task ShutdownAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
