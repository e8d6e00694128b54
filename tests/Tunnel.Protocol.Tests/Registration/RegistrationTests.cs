using Tunnel.Protocol.CapnProto;
using Tunnel.Protocol.Registration;
using Tunnel.Protocol.Rpc;
using Tunnel.Protocol.Rpc.Messages;
using Tunnel.Protocol.Tests.Rpc;

namespace Tunnel.Protocol.Tests.Registration;

/// <summary>The client against the server.</summary>
public sealed class RegistrationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;
    private static readonly ConnectionDetails Details = new(Guid.NewGuid(), "LOC", false);

    private readonly DuplexPair _pair = new();

    [Fact]
    public async Task A_connector_s_life()
    {
        var handler = new RecordingHandler { OnRegister = (_, _) => ValueTask.FromResult(Details) };
        var server = new RegistrationServer(_pair.Far, handler);
        var running = server.RunAsync(Token);
        await using var client = new RegistrationClient(_pair.Near);

        Assert.Equal(Details, await client.RegisterAsync(Requests.Typical, Token));
        await client.UpdateLocalConfigurationAsync("{}"u8.ToArray(), Token);
        await client.UnregisterAsync(Token);
        await client.ShutdownAsync(Token);
        await running;
        await client.Completion;

        Requests.AssertEqual(Requests.Typical, Assert.Single(handler.Requests));
        Assert.Equal(["register", "configuration {}", "unregister"], handler.Calls);
        Assert.Equal("rpc: shutdown", server.AbortReason);
        Assert.Null(client.AbortReason);
    }

    [Fact]
    public async Task A_refusal_reaches_the_connector_and_it_may_try_again()
    {
        var attempts = 0;
        var handler = new RecordingHandler
        {
            OnRegister = (_, _) => ++attempts == 1
                ? throw new RegistrationException("busy", shouldRetry: true, TimeSpan.FromSeconds(3))
                : ValueTask.FromResult(Details),
        };
        var running = new RegistrationServer(_pair.Far, handler).RunAsync(Token);
        await using var client = new RegistrationClient(_pair.Near);

        var e = await Assert.ThrowsAsync<RegistrationException>(() => client.RegisterAsync(Requests.Typical, Token));
        Assert.Equal(("busy", true, TimeSpan.FromSeconds(3)), (e.Cause, e.ShouldRetry, e.RetryAfter));
        Assert.Equal(Details, await client.RegisterAsync(Requests.Typical, Token));
        await client.DisposeAsync();
        await running;
    }

    [Fact]
    public async Task A_configuration_of_nearly_a_mebibyte_passes_and_a_larger_one_ends_the_connection()
    {
        var handler = new RecordingHandler();
        var running = new RegistrationServer(_pair.Far, handler).RunAsync(Token);
        await using var client = new RegistrationClient(_pair.Near);

        await client.UpdateLocalConfigurationAsync(new byte[(1 << 20) - 1024], Token);
        await Assert.ThrowsAsync<RpcException>(() => client.UpdateLocalConfigurationAsync(new byte[1 << 20], Token));

        Assert.Equal(RpcExceptionType.Failed, (await Assert.ThrowsAsync<RpcException>(() => running)).Type);
        Assert.Single(handler.Calls);
    }

    [Fact]
    public async Task A_registration_that_is_given_up_is_cancelled_at_the_edge()
    {
        var started = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        var handler = new RecordingHandler
        {
            OnRegister = async (_, token) =>
            {
                await using var registration = token.Register(cancelled.SetResult);
                started.SetResult();
                await Task.Delay(Timeout.Infinite, token);
                return Details;
            },
        };
        var running = new RegistrationServer(_pair.Far, handler).RunAsync(Token);
        await using var client = new RegistrationClient(_pair.Near);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(Token);

        var registering = client.RegisterAsync(Requests.Typical, timeout.Token);
        await started.Task.WaitAsync(Token);
        await timeout.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => registering);
        await cancelled.Task.WaitAsync(Token);
        await client.UnregisterAsync(Token); // the connection goes on
        await client.ShutdownAsync(Token);
        await running;
    }

    [Fact]
    public async Task The_end_of_the_stream_cancels_what_runs_and_is_waited_for()
    {
        var started = new TaskCompletionSource();
        var ended = false;
        var handler = new RecordingHandler
        {
            OnRegister = async (_, token) =>
            {
                started.SetResult();
                try
                {
                    await Task.Delay(Timeout.Infinite, token);
                }
                finally
                {
                    ended = true;
                }

                return Details;
            },
        };
        var running = new RegistrationServer(_pair.Far, handler).RunAsync(Token);
        await using var client = new RegistrationClient(_pair.Near);
        var registering = client.RegisterAsync(Requests.Typical, Token);
        await started.Task.WaitAsync(Token);

        await client.DisposeAsync();
        await running;

        Assert.True(ended);
        Assert.Equal(
            RpcExceptionType.Disconnected, (await Assert.ThrowsAsync<RpcException>(() => registering)).Type);
    }

    [Fact]
    public async Task Calls_that_wait_fail_when_the_edge_ends_the_stream()
    {
        await using var client = new RegistrationClient(_pair.Near);
        var registering = client.RegisterAsync(Requests.Typical, Token);

        await _pair.Far.Output.CompleteAsync();

        await client.Completion;
        Assert.Equal(
            RpcExceptionType.Disconnected, (await Assert.ThrowsAsync<RpcException>(() => registering)).Type);
        await Assert.ThrowsAsync<RpcException>(() => client.UnregisterAsync(Token));
    }

    [Fact]
    public async Task Calls_that_wait_fail_when_the_edge_aborts()
    {
        var edge = new RawPeer(_pair.Far);
        await using var client = new RegistrationClient(_pair.Near);
        var registering = client.RegisterAsync(Requests.Typical, Token);

        await edge.SendAsync(AbortMessage.Build("going away"));

        await client.Completion;
        Assert.Equal("going away", client.AbortReason);
        Assert.Contains(
            "going away", (await Assert.ThrowsAsync<RpcException>(() => registering)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_edge_that_violates_the_protocol_is_told_so_and_left()
    {
        var edge = new RawPeer(_pair.Far);
        await using var client = new RegistrationClient(_pair.Near);
        await edge.ReceiveAsync(MessageKind.Bootstrap, Token);

        await edge.SendAsync(ReturnMessage.BuildCanceled(17));

        await edge.ReceiveAsync(MessageKind.Abort, Token);
        await edge.ReceiveEndAsync(Token);
        Assert.Equal(RpcExceptionType.Failed, (await Assert.ThrowsAsync<RpcException>(() => client.Completion)).Type);
    }

    [Fact]
    public async Task A_method_that_the_server_lacks_is_unimplemented_also_of_the_interface_that_extends_it()
    {
        const ulong tunnelServer = 0xea58385c65416035;
        var running = new RegistrationServer(_pair.Far, new RecordingHandler()).RunAsync(Token);
        var connection = new RpcConnection(_pair.Near);
        var receiving = connection.RunAsync(Token);
        var edge = connection.Bootstrap();

        foreach (var (interfaceId, method) in new[] { (tunnelServer, (ushort)0), (RegistrationInterface.Id, (ushort)3) })
        {
            var e = await Assert.ThrowsAsync<RpcException>(
                () => edge.CallAsync(interfaceId, method, p => p.InitStruct(0, 0), Token));
            Assert.Equal(RpcExceptionType.Unimplemented, e.Type);
        }

        await connection.AbortAsync("done", Token);
        await running;
        await receiving;
    }

    [Fact]
    public async Task Parameters_that_cannot_be_read_fail_the_call_only()
    {
        var handler = new RecordingHandler();
        var running = new RegistrationServer(_pair.Far, handler).RunAsync(Token);
        var connection = new RpcConnection(_pair.Near);
        var receiving = connection.RunAsync(Token);
        var edge = connection.Bootstrap();

        var e = await Assert.ThrowsAsync<RpcException>(() => edge.CallAsync(
            RegistrationInterface.Id, RegistrationInterface.RegisterConnection, p => p.InitStruct(1, 3), Token));
        Assert.Equal("A tunnelId is not 16 bytes long.", e.Message);
        await edge.CallAsync(
            RegistrationInterface.Id, RegistrationInterface.UnregisterConnection, p => p.InitStruct(0, 0), Token);

        Assert.Equal(["unregister"], handler.Calls);
        await connection.AbortAsync("done", Token);
        await running;
        await receiving;
    }

    [Fact]
    public async Task A_failure_inside_the_handler_is_told_to_its_owner_not_to_the_connector()
    {
        var told = new List<Exception>();
        var handler = new RecordingHandler { OnRegister = (_, _) => throw new InvalidOperationException("inner detail") };
        var running = new RegistrationServer(
            _pair.Far, handler, new RpcOptions { OnUnhandledException = told.Add }).RunAsync(Token);
        await using var client = new RegistrationClient(_pair.Near);

        var e = await Assert.ThrowsAsync<RpcException>(() => client.RegisterAsync(Requests.Typical, Token));

        Assert.DoesNotContain("inner detail", e.Message, StringComparison.Ordinal);
        Assert.Equal("inner detail", Assert.Single(told).Message);
        await client.ShutdownAsync(Token);
        await running;
    }

    [Fact]
    public async Task A_response_that_cannot_be_read_fails_the_call_only()
    {
        var edge = new RawPeer(_pair.Far);
        await using var client = new RegistrationClient(_pair.Near);
        var registering = client.RegisterAsync(Requests.Typical, Token);
        var answer = ReturnMessage.BeginResults(1, out var payload);
        payload.InitStruct(0, 0, 1).InitStruct(0, 1, 1).SetUInt16(0, 9); // no member of the union

        await edge.SendAsync(answer);

        var e = await Assert.ThrowsAsync<RpcException>(() => registering);
        Assert.IsType<CapnProtoException>(e.InnerException);
        Assert.False(client.Completion.IsCompleted);
    }

    [Fact]
    public async Task Disposing_twice_and_after_the_end_is_no_error()
    {
        var client = new RegistrationClient(_pair.Near);
        await client.ShutdownAsync(Token);
        await client.DisposeAsync();
        await client.DisposeAsync();

        await client.Completion;
        Assert.True((await _pair.Far.Input.ReadAsync(Token)).Buffer.Length > 0);
    }
}
