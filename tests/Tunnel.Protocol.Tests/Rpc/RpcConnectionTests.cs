using Tunnel.Protocol.CapnProto;
using Tunnel.Protocol.Rpc;
using Tunnel.Protocol.Rpc.Messages;

namespace Tunnel.Protocol.Tests.Rpc;

/// <summary>One connection of ours against single messages: calls, their order and their limits.</summary>
public sealed class RpcConnectionTests : RpcConnectionTest
{
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
}
