using System.IO.Pipelines;
using Tunnel.Protocol.Rpc;
using Tunnel.Protocol.Rpc.Messages;

namespace Tunnel.Protocol.Tests.Rpc;

/// <summary>How one connection of ours ends when its peer does not help.</summary>
public sealed class RpcConnectionEndTests : RpcConnectionTest
{
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
        var running = new RpcConnection(Pair.Near).RunAsync(Token);

        await Pair.Far.Output.CompleteAsync(new IOException("cable pulled"));

        var e = await Assert.ThrowsAsync<RpcException>(() => running);
        Assert.Equal(RpcExceptionType.Disconnected, e.Type);
        Assert.IsType<IOException>(e.InnerException);
    }
}
