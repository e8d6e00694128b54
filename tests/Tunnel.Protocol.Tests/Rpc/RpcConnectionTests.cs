using System.IO.Pipelines;
using Tunnel.Protocol.CapnProto;
using Tunnel.Protocol.Rpc;
using Tunnel.Protocol.Rpc.Messages;

namespace Tunnel.Protocol.Tests.Rpc;

/// <summary>One connection of ours against single messages.</summary>
public sealed class RpcConnectionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly DuplexPair _pair = new();

    [Fact]
    public async Task A_call_may_name_the_bootstrap_s_answer_before_it_came()
    {
        var peer = Serve(new Echo(), out var running);

        await peer.SendAsync(BootstrapMessage.Build(5));
        await peer.SendAsync(Call(6, MessageTarget.Answer(5), "hello"));

        Assert.Equal(5u, ReturnMessage.ReadAnswerId((await peer.ReceiveAsync(MessageKind.Return, Token)).Body));
        Assert.Equal((6u, "hello"), Text(await peer.ReceiveAsync(MessageKind.Return, Token)));
        await EndAsync(peer, running);
    }

    [Fact]
    public async Task A_call_to_what_is_no_capability_is_returned_as_failed()
    {
        var peer = Serve(new Echo(), out var running);
        await peer.SendAsync(Call(0, MessageTarget.Import(0), "not exported yet"));
        await AssertExceptionAsync(peer, 0, RpcExceptionType.Failed);

        await peer.SendAsync(BootstrapMessage.Build(1));
        await peer.ReceiveAsync(MessageKind.Return, Token);
        MessageTarget[] targets =
        [
            MessageTarget.Import(1), MessageTarget.Answer(0), MessageTarget.Answer(77), MessageTarget.Answer(4),
        ];
        for (var i = 0u; i < targets.Length; i++)
        {
            await peer.SendAsync(Call(2 + i, targets[i], "x"));
            await AssertExceptionAsync(peer, 2 + i, RpcExceptionType.Failed);
        }

        await EndAsync(peer, running);
    }

    [Fact]
    public async Task A_field_of_the_bootstrap_s_answer_is_no_capability()
    {
        var peer = Serve(new Echo(), out var running);
        await peer.SendAsync(BootstrapMessage.Build(0));
        await peer.ReceiveAsync(MessageKind.Return, Token);

        var message = new MessageBuilder();
        var call = RpcMessage.Begin(message, MessageKind.Call).InitStruct(3, 3);
        call.SetUInt32(0, 1);
        var target = call.InitStruct(0, 1, 1);
        target.SetUInt16(4, 1);
        target.InitStruct(0, 1, 1).GetPointer(0).InitStructList(1, 1, 0).GetStruct(0).SetUInt16(0, 1);
        await peer.SendAsync(message);

        await AssertExceptionAsync(peer, 1, RpcExceptionType.Failed);
        await EndAsync(peer, running);
    }

    [Fact]
    public async Task A_capability_can_be_called_as_long_as_a_reference_is_held()
    {
        var peer = Serve(new Echo(), out var running);
        for (var i = 0u; i < 2; i++)
        {
            await peer.SendAsync(BootstrapMessage.Build(i));
            await peer.ReceiveAsync(MessageKind.Return, Token);
        }

        await peer.SendAsync(new FinishMessage(0, ReleaseResultCaps: true).Build());
        await peer.SendAsync(new FinishMessage(1, ReleaseResultCaps: false).Build());
        await peer.SendAsync(Call(2, MessageTarget.Import(0), "held"));
        Assert.Equal((2u, "held"), Text(await peer.ReceiveAsync(MessageKind.Return, Token)));

        await peer.SendAsync(new ReleaseMessage(0, 1).Build());
        await peer.SendAsync(Call(3, MessageTarget.Import(0), "released"));
        await AssertExceptionAsync(peer, 3, RpcExceptionType.Failed);

        await peer.SendAsync(new ReleaseMessage(0, 1).Build());
        await AssertViolationAsync(peer, running);
    }

    [Fact]
    public async Task Calls_run_one_at_a_time_in_their_order_and_more_than_the_limit_are_overload()
    {
        var gate = new TaskCompletionSource();
        var echo = new Echo { Before = _ => gate.Task };
        var peer = Serve(echo, out var running, new RpcOptions { MaxPendingCalls = 2 });
        await peer.SendAsync(BootstrapMessage.Build(0));
        await peer.ReceiveAsync(MessageKind.Return, Token);

        for (var i = 1u; i <= 3; i++)
        {
            await peer.SendAsync(Call(i, MessageTarget.Import(0), $"{i}"));
        }

        await AssertExceptionAsync(peer, 3, RpcExceptionType.Overloaded);
        Assert.Equal(["1"], echo.Started);
        gate.SetResult();
        Assert.Equal((1u, "1"), Text(await peer.ReceiveAsync(MessageKind.Return, Token)));
        Assert.Equal((2u, "2"), Text(await peer.ReceiveAsync(MessageKind.Return, Token)));
        await EndAsync(peer, running);
    }

    [Fact]
    public async Task Many_bytes_of_calls_that_wait_are_overload()
    {
        var gate = new TaskCompletionSource();
        var peer = Serve(new Echo { Before = _ => gate.Task }, out var running, new RpcOptions { MaxPendingBytes = 5000 });
        await peer.SendAsync(BootstrapMessage.Build(0));
        await peer.ReceiveAsync(MessageKind.Return, Token);

        await peer.SendAsync(Call(1, MessageTarget.Import(0), new string('x', 3000)));
        await peer.SendAsync(Call(2, MessageTarget.Import(0), new string('x', 3000)));

        await AssertExceptionAsync(peer, 2, RpcExceptionType.Overloaded);
        gate.SetResult();
        Assert.Equal(1u, Text(await peer.ReceiveAsync(MessageKind.Return, Token)).Id);
        await EndAsync(peer, running);
    }

    [Fact]
    public async Task A_finish_cancels_a_call_that_runs_and_one_that_waits()
    {
        var echo = new Echo { Before = token => Task.Delay(Timeout.Infinite, token) };
        var peer = Serve(echo, out var running);
        await peer.SendAsync(BootstrapMessage.Build(0));
        await peer.ReceiveAsync(MessageKind.Return, Token);
        await peer.SendAsync(Call(1, MessageTarget.Import(0), "runs"));
        await peer.SendAsync(Call(2, MessageTarget.Import(0), "waits"));

        await peer.SendAsync(new FinishMessage(2, true).Build());
        await peer.SendAsync(new FinishMessage(1, true).Build());

        foreach (var id in new[] { 1u, 2u })
        {
            var body = (await peer.ReceiveAsync(MessageKind.Return, Token)).Body;
            Assert.Equal(id, ReturnMessage.ReadAnswerId(body));
            Assert.Throws<RpcException>(() => ReturnMessage.ReadPayload(body));
        }

        Assert.Equal(["runs"], echo.Started);

        // Both numbers are free again.
        await peer.SendAsync(BootstrapMessage.Build(1));
        await peer.ReceiveAsync(MessageKind.Return, Token);
        await EndAsync(peer, running);
    }

    [Fact]
    public async Task Questions_that_are_never_finished_end_the_connection_at_the_limit()
    {
        var peer = Serve(new Echo(), out var running, new RpcOptions { MaxAnswers = 8 });

        for (var i = 0u; i < 9; i++)
        {
            await peer.SendAsync(BootstrapMessage.Build(i));
        }

        for (var i = 0; i < 8; i++)
        {
            await peer.ReceiveAsync(MessageKind.Return, Token);
        }

        await AssertViolationAsync(peer, running);
    }

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

    [Fact]
    public async Task A_peer_that_does_not_take_its_answer_does_not_hold_up_the_end()
    {
        var pair = new DuplexPair(new PipeOptions(pauseWriterThreshold: 1024, resumeWriterThreshold: 512));
        var peer = new RawPeer(pair.Far);
        var options = new RpcOptions { CloseTimeout = TimeSpan.FromMilliseconds(20) };
        var running = new RpcConnection(pair.Near, options, new Echo()).RunAsync(Token);
        await peer.SendAsync(BootstrapMessage.Build(0));
        await peer.ReceiveAsync(MessageKind.Return, Token);
        await peer.SendAsync(Call(1, MessageTarget.Import(0), new string('x', 3000))); // comes back: more than the pipe takes
        await peer.Output.CompleteAsync();

        await running;
    }

    [Fact]
    public async Task The_token_ends_it_while_it_waits_for_a_peer_that_takes_nothing()
    {
        var pair = new DuplexPair(new PipeOptions(pauseWriterThreshold: 64, resumeWriterThreshold: 32));
        var peer = new RawPeer(pair.Far);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var options = new RpcOptions { CloseTimeout = TimeSpan.FromMilliseconds(20) };
        var running = new RpcConnection(pair.Near, options, new Echo()).RunAsync(cancellation.Token);
        await peer.SendAsync(BootstrapMessage.Build(0));

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task A_transport_that_breaks_is_a_disconnection()
    {
        var running = new RpcConnection(_pair.Near).RunAsync(Token);

        await _pair.Far.Output.CompleteAsync(new IOException("cable pulled"));

        var e = await Assert.ThrowsAsync<RpcException>(() => running);
        Assert.Equal(RpcExceptionType.Disconnected, e.Type);
        Assert.IsType<IOException>(e.InnerException);
    }

    private RawPeer Serve(ICapability? capability, out Task running, RpcOptions? options = null)
    {
        running = new RpcConnection(_pair.Near, options, capability).RunAsync(Token);
        return new RawPeer(_pair.Far);
    }

    private static async Task EndAsync(RawPeer peer, Task running)
    {
        await peer.Output.CompleteAsync();
        await running;
        await peer.ReceiveEndAsync(Token);
    }

    private static async Task<RpcException> AssertViolationAsync(RawPeer peer, Task running)
    {
        var abort = ExceptionField.Read((await peer.ReceiveAsync(MessageKind.Abort, Token)).Body);
        await peer.ReceiveEndAsync(Token);
        var violation = await Assert.ThrowsAsync<RpcException>(() => running);
        Assert.Equal(RpcExceptionType.Failed, violation.Type);
        Assert.Equal(violation.Message, abort.Message);
        return violation;
    }

    private static async Task AssertExceptionAsync(RawPeer peer, uint id, RpcExceptionType type)
    {
        var body = (await peer.ReceiveAsync(MessageKind.Return, Token)).Body;
        Assert.Equal(id, ReturnMessage.ReadAnswerId(body));
        Assert.Equal(type, Assert.Throws<RpcException>(() => ReturnMessage.ReadPayload(body)).Type);
    }

    private static MessageBuilder Call(uint id, MessageTarget target, string text)
    {
        var message = CallMessage.Build(id, target, 1, 1, out var parameters);
        parameters.InitStruct(0, 1).SetText(0, text);
        return message;
    }

    private static (uint Id, string Text) Text(RpcMessage message) =>
        (ReturnMessage.ReadAnswerId(message.Body), ReturnMessage.ReadPayload(message.Body).GetStruct(0).GetText(0));
}
