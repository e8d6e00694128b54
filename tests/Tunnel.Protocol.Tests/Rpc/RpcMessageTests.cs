using Tunnel.Protocol.CapnProto;
using Tunnel.Protocol.Rpc;
using Tunnel.Protocol.Rpc.Messages;

namespace Tunnel.Protocol.Tests.Rpc;

/// <summary>One connection of ours against messages that are not calls, or should not be.</summary>
public sealed class RpcMessageTests : RpcConnectionTest
{
    [Fact]
    public async Task A_question_s_number_that_is_in_use_ends_the_connection()
    {
        var peer = Serve(new Echo(), out var running);
        await peer.SendAsync(BootstrapMessage.Build(1));
        await peer.ReceiveAsync(MessageKind.Return, Token);

        await peer.SendAsync(BootstrapMessage.Build(1));

        await AssertViolationAsync(peer, running);
    }

    [Fact]
    public async Task Messages_that_are_not_known_come_back()
    {
        var peer = Serve(new Echo(), out var running);
        foreach (var kind in new ushort[] { 7, 9, 10, 11, 12, 14, 999 })
        {
            var message = new MessageBuilder();
            RpcMessage.Begin(message, (MessageKind)kind).InitStruct(1, 1).SetText(0, "what is this");
            await peer.SendAsync(message);

            var body = (await peer.ReceiveAsync(MessageKind.Unimplemented, Token)).Body;
            Assert.Equal(kind, body.GetUInt16(0));
            Assert.Equal("what is this", body.GetStruct(0).GetText(0));
        }

        await EndAsync(peer, running);
    }

    [Fact]
    public async Task A_message_that_unfolds_to_many_times_its_size_does_not_come_back()
    {
        var peer = Serve(new Echo(), out var running);
        var message = new MessageBuilder();
        var root = RpcMessage.Begin(message, (MessageKind)999).InitStruct(0, 1);

        // A list of 200 pointers to the same 8,000 bytes, by hand: each is the first one, moved by a word.
        var list = root.GetPointer(0).InitList(ElementSize.Pointer, 200);
        list.GetPointer(0).SetData(new byte[8000]);
        var segment = message.Segment(0);
        var first = segment.Words - 1000 - 200;
        for (var i = 1; i < 200; i++)
        {
            segment.Put(first + i, segment.PointerAt(first).At(199 - i));
        }

        Assert.InRange(message.Bytes, 0, 12_000);
        await peer.SendAsync(message);

        var violation = await AssertViolationAsync(peer, running);
        Assert.Contains("visits more than", violation.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_answered_by_nothing_is_answered_by_nothing()
    {
        var peer = Serve(new Echo(), out var running);
        var unimplemented = new MessageBuilder();
        RpcMessage.Begin(unimplemented, MessageKind.Unimplemented).InitStruct(1, 1).SetUInt16(0, 999);
        var receiverLoopback = new MessageBuilder();
        RpcMessage.Begin(receiverLoopback, MessageKind.Disembargo).InitStruct(1, 1).SetUInt16(4, 1);

        await peer.SendAsync(unimplemented);
        await peer.SendAsync(receiverLoopback);
        await peer.SendAsync(new FinishMessage(44, true).Build());
        await peer.SendAsync(BootstrapMessage.Build(0));

        await peer.ReceiveAsync(MessageKind.Return, Token);
        await EndAsync(peer, running);
    }

    [Fact]
    public async Task A_disembargo_goes_around_and_a_resolved_capability_is_released()
    {
        var peer = Serve(new Echo(), out var running);
        var loopback = new MessageBuilder();
        var disembargo = RpcMessage.Begin(loopback, MessageKind.Disembargo).InitStruct(1, 1);
        MessageTarget.Import(0).Write(disembargo.GetPointer(0));
        disembargo.SetUInt32(0, 12);
        await peer.SendAsync(loopback);
        var body = (await peer.ReceiveAsync(MessageKind.Disembargo, Token)).Body;
        Assert.True(DisembargoMessage.IsReceiverLoopback(body));
        Assert.Equal(12u, body.GetUInt32(0));

        var resolve = new MessageBuilder();
        CapDescriptor.WriteSenderHosted(RpcMessage.Begin(resolve, MessageKind.Resolve).InitStruct(1, 1).InitStruct(0, 1, 1), 9);
        await peer.SendAsync(resolve);
        Assert.Equal(
            new ReleaseMessage(9, 1), ReleaseMessage.Read((await peer.ReceiveAsync(MessageKind.Release, Token)).Body));
        await EndAsync(peer, running);
    }

    [Fact]
    public async Task A_side_without_a_capability_says_so()
    {
        var peer = Serve(capability: null, out var running);
        await peer.SendAsync(BootstrapMessage.Build(0));

        await AssertExceptionAsync(peer, 0, RpcExceptionType.Failed);
        await EndAsync(peer, running);
    }
}
