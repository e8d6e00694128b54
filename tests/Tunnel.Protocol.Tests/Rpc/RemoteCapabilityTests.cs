using Tunnel.Protocol.Rpc;
using Tunnel.Protocol.Rpc.Messages;

namespace Tunnel.Protocol.Tests.Rpc;

/// <summary>The calling side.</summary>
public sealed class RemoteCapabilityTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly DuplexPair _pair = new();

    [Fact]
    public async Task Many_callers_at_once_each_get_their_own_results()
    {
        var serving = new RpcConnection(_pair.Far, new RpcOptions { MaxPendingCalls = 64 }, new Echo()).RunAsync(Token);
        var connection = new RpcConnection(_pair.Near);
        var receiving = connection.RunAsync(Token);
        var echo = connection.Bootstrap();

        var results = await Task.WhenAll(Enumerable.Range(0, 16).Select(caller => Task.Run(
            async () =>
            {
                for (var i = 0; i < 50; i++)
                {
                    Assert.Equal($"{caller} {i}", await CallAsync(echo, $"{caller} {i}", Token));
                }

                return caller;
            },
            Token)));

        Assert.Equal(16, results.Length);
        await connection.AbortAsync("done", Token);
        await serving;
        await receiving;
    }

    [Fact]
    public async Task Calls_that_are_given_up_at_any_moment_harm_no_other()
    {
        var serving = new RpcConnection(
            _pair.Far, new RpcOptions { MaxPendingCalls = 64 }, new Echo { Before = async _ => await Task.Yield() }).RunAsync(Token);
        var connection = new RpcConnection(_pair.Near);
        var receiving = connection.RunAsync(Token);
        var echo = connection.Bootstrap();
        var random = new Random(1);

        for (var i = 0; i < 500; i++)
        {
            using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
            var givenUp = CallAsync(echo, "given up", cancellation.Token);
            for (var spin = random.Next(200); spin > 0; spin--)
            {
                Thread.SpinWait(20);
            }

            await cancellation.CancelAsync();
            Assert.Equal($"{i}", await CallAsync(echo, $"{i}", Token));
            await ((Task)givenUp).ConfigureAwait(
                ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }

        await connection.AbortAsync("done", Token);
        await serving;
        await receiving;
    }

    [Fact]
    public async Task A_call_that_is_given_up_is_finished_once_and_its_number_stays_taken_until_the_return()
    {
        var peer = new RawPeer(_pair.Far);
        var connection = new RpcConnection(_pair.Near);
        var receiving = connection.RunAsync(Token);
        var capability = connection.Bootstrap();
        await peer.ReceiveAsync(MessageKind.Bootstrap, Token);
        using var cancellation = new CancellationTokenSource();

        var call = CallAsync(capability, "x", cancellation.Token);
        Assert.Equal(1u, CallMessage.Read((await peer.ReceiveAsync(MessageKind.Call, Token)).Body)!.QuestionId);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal(
            new FinishMessage(1, true), FinishMessage.Read((await peer.ReceiveAsync(MessageKind.Finish, Token)).Body));

        var second = CallAsync(capability, "y", Token);
        Assert.Equal(2u, CallMessage.Read((await peer.ReceiveAsync(MessageKind.Call, Token)).Body)!.QuestionId);
        await peer.SendAsync(ReturnMessage.BuildCanceled(1));
        await peer.SendAsync(ReturnMessage.BuildCanceled(2));
        await Assert.ThrowsAsync<RpcException>(() => second);
        Assert.Equal(2u, FinishMessage.Read((await peer.ReceiveAsync(MessageKind.Finish, Token)).Body).QuestionId);

        await peer.Output.CompleteAsync();
        await receiving;
    }

    [Fact]
    public async Task More_calls_than_the_limit_are_refused_here()
    {
        var connection = new RpcConnection(_pair.Near, new RpcOptions { MaxQuestions = 3 });
        var receiving = connection.RunAsync(Token);
        var capability = connection.Bootstrap();
        Task[] waiting = [CallAsync(capability, "1", Token), CallAsync(capability, "2", Token)];

        var e = await Assert.ThrowsAsync<RpcException>(() => CallAsync(capability, "3", Token));

        Assert.Equal(RpcExceptionType.Overloaded, e.Type);
        await _pair.Far.Output.CompleteAsync();
        await receiving;
        await Assert.ThrowsAsync<RpcException>(() => Task.WhenAll(waiting));
    }

    [Fact]
    public async Task A_peer_that_does_not_know_a_message_of_ours_fails_the_call_only()
    {
        var peer = new RawPeer(_pair.Far);
        var connection = new RpcConnection(_pair.Near);
        var receiving = connection.RunAsync(Token);
        var capability = connection.Bootstrap();
        var call = CallAsync(capability, "x", Token);
        await peer.ReceiveAsync(MessageKind.Bootstrap, Token);

        await peer.SendAsync((await peer.ReceiveAsync(MessageKind.Call, Token)).ToUnimplemented());

        Assert.Equal(RpcExceptionType.Unimplemented, (await Assert.ThrowsAsync<RpcException>(() => call)).Type);
        await peer.SendAsync(ReturnMessage.BuildCapability(0, 4));
        Assert.False((await peer.ReceiveAsync(MessageKind.Finish, Token)).Body.GetBool(32, defaultValue: true));
        await peer.Output.CompleteAsync();
        await receiving;
    }

    [Fact]
    public async Task A_bootstrap_that_fails_fails_the_calls_after_it()
    {
        var peer = new RawPeer(_pair.Far);
        var connection = new RpcConnection(_pair.Near);
        var receiving = connection.RunAsync(Token);
        var capability = connection.Bootstrap();
        await peer.SendAsync(ReturnMessage.BuildException(0, RpcExceptionType.Overloaded, "not now"));
        await peer.ReceiveAsync(MessageKind.Bootstrap, Token);
        await peer.ReceiveAsync(MessageKind.Finish, Token);

        var e = await Assert.ThrowsAsync<RpcException>(() => CallAsync(capability, "x", Token));

        Assert.Equal("not now", e.Message);
        await peer.Output.CompleteAsync();
        await receiving;
    }

    [Fact]
    public async Task An_answer_without_a_capability_is_no_bootstrap()
    {
        var peer = new RawPeer(_pair.Far);
        var connection = new RpcConnection(_pair.Near);
        var receiving = connection.RunAsync(Token);
        var capability = connection.Bootstrap();
        await peer.SendAsync(ReturnMessage.BeginResults(0, out _));
        await peer.ReceiveAsync(MessageKind.Bootstrap, Token);
        await peer.ReceiveAsync(MessageKind.Finish, Token);

        await Assert.ThrowsAsync<RpcException>(() => CallAsync(capability, "x", Token));
        await peer.Output.CompleteAsync();
        await receiving;
    }

    private static async Task<string> CallAsync(RemoteCapability capability, string text, CancellationToken cancellationToken) =>
        (await capability.CallAsync(1, 1, p => p.InitStruct(0, 1).SetText(0, text), cancellationToken)).GetText(0);
}
