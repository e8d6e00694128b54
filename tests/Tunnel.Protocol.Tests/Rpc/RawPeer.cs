using System.IO.Pipelines;
using Tunnel.Protocol.CapnProto;
using Tunnel.Protocol.Rpc.Messages;

namespace Tunnel.Protocol.Tests.Rpc;

/// <summary>A peer that sends and receives single messages, valid or not.</summary>
internal sealed class RawPeer(IDuplexPipe transport)
{
    public PipeWriter Output => transport.Output;

    public async Task SendAsync(MessageBuilder message) => await transport.Output.WriteAsync(message.ToArray());

    public async Task SendAsync(ReadOnlyMemory<byte> bytes) => await transport.Output.WriteAsync(bytes);

    public async Task<RpcMessage?> TryReceiveAsync(CancellationToken cancellationToken) =>
        await MessageStream.ReadAsync(transport.Input, ReaderLimits.Default, cancellationToken) is { } reader
            ? new RpcMessage(reader)
            : null;

    public async Task<RpcMessage> ReceiveAsync(MessageKind kind, CancellationToken cancellationToken)
    {
        var message = await TryReceiveAsync(cancellationToken);
        Assert.True(message.HasValue, $"The stream ended before {kind}.");
        Assert.Equal(kind, message.Value.Kind);
        return message.Value;
    }

    public async Task ReceiveEndAsync(CancellationToken cancellationToken) =>
        Assert.Null(await TryReceiveAsync(cancellationToken));
}
