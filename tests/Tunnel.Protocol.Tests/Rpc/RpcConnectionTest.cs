using Tunnel.Protocol.CapnProto;
using Tunnel.Protocol.Rpc;
using Tunnel.Protocol.Rpc.Messages;

namespace Tunnel.Protocol.Tests.Rpc;

/// <summary>What the tests of one connection have in common: the peer at its other side, and how it ends.</summary>
public abstract class RpcConnectionTest
{
    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected DuplexPair Pair { get; } = new();

    private protected RawPeer Serve(ICapability? capability, out Task running, RpcOptions? options = null)
    {
        running = new RpcConnection(Pair.Near, options, capability).RunAsync(Token);
        return new RawPeer(Pair.Far);
    }

    private protected static async Task EndAsync(RawPeer peer, Task running)
    {
        await peer.Output.CompleteAsync();
        await running;
        await peer.ReceiveEndAsync(Token);
    }

    private protected static async Task<RpcException> AssertViolationAsync(RawPeer peer, Task running)
    {
        var abort = ExceptionField.Read((await peer.ReceiveAsync(MessageKind.Abort, Token)).Body);
        await peer.ReceiveEndAsync(Token);
        var violation = await Assert.ThrowsAsync<RpcException>(() => running);
        Assert.Equal(RpcExceptionType.Failed, violation.Type);
        Assert.Equal(violation.Message, abort.Message);
        return violation;
    }

    private protected static async Task AssertExceptionAsync(RawPeer peer, uint id, RpcExceptionType type)
    {
        var body = (await peer.ReceiveAsync(MessageKind.Return, Token)).Body;
        Assert.Equal(id, ReturnMessage.ReadAnswerId(body));
        Assert.Equal(type, Assert.Throws<RpcException>(() => ReturnMessage.ReadPayload(body)).Type);
    }

    private protected static MessageBuilder Call(uint id, MessageTarget target, string text)
    {
        var message = CallMessage.Build(id, target, 1, 1, out var parameters);
        parameters.InitStruct(0, 1).SetText(0, text);
        return message;
    }

    private protected static (uint Id, string Text) Text(RpcMessage message) =>
        (ReturnMessage.ReadAnswerId(message.Body), ReturnMessage.ReadPayload(message.Body).GetStruct(0).GetText(0));
}
