using System.IO.Pipelines;
using CsCheck;
using Tunnel.Protocol.CapnProto;
using Tunnel.Protocol.Registration;
using Tunnel.Protocol.Rpc;
using Tunnel.Protocol.Rpc.Messages;
using Tunnel.Protocol.Tests.CapnProto;
using Tunnel.Protocol.Tests.Rpc;

namespace Tunnel.Protocol.Tests.Registration;

/// <summary>Streams that somebody tampered with: both sides end, and with their own exceptions only.</summary>
public sealed class RegistrationFuzz
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Nobody reads what is answered, and nothing is held back.</summary>
    private static readonly PipeOptions Unbounded = new(pauseWriterThreshold: 0);

    private static readonly byte[][] ToServer =
    [
        BootstrapMessage.Build(0).ToArray(),
        Call(1, MessageTarget.Answer(0), 0, p => RegistrationEncoding.WriteRequest(p, Requests.Typical)),
        new FinishMessage(0, false).Build().ToArray(),
        new FinishMessage(1, true).Build().ToArray(),
        Call(2, MessageTarget.Import(0), 2, p => RegistrationEncoding.WriteConfiguration(p, "{}"u8)),
        Call(1, MessageTarget.Import(0), 1, p => p.InitStruct(0, 0)),
        new ReleaseMessage(0, 1).Build().ToArray(),
        AbortMessage.Build("rpc: shutdown").ToArray(),
    ];

    private static readonly byte[][] ToClient =
    [
        ReturnMessage.BuildCapability(0, 0).ToArray(),
        Details(1),
        ReturnMessage.BuildException(1, RpcExceptionType.Failed, "no").ToArray(),
        ReturnMessage.BeginResults(1, out _).ToArray(),
        AbortMessage.Build("bye").ToArray(),
    ];

    [Fact]
    public async Task The_server_ends_whatever_it_is_sent() =>
        await Streams(ToServer).SampleAsync(async bytes =>
        {
            var pair = new DuplexPair(Unbounded);
            var failures = new List<Exception>();
            var running = new RegistrationServer(
                pair.Far, new RecordingHandler(), new RpcOptions { OnUnhandledException = failures.Add }).RunAsync(Token);

            await pair.Near.Output.WriteAsync(bytes, Token);
            await pair.Near.Output.CompleteAsync();

            await EndsAsync(running);
            Assert.Empty(failures);
            await AssertAnswersAreMessagesAsync(pair.Near.Input, bytes.Length);
        }, iter: 3000);

    [Fact]
    public async Task The_client_ends_whatever_it_is_sent() =>
        await Streams(ToClient).SampleAsync(async bytes =>
        {
            var pair = new DuplexPair(Unbounded);
            await using var client = new RegistrationClient(pair.Near);
            var register = client.RegisterAsync(Requests.Typical, Token);
            var unregister = client.UnregisterAsync(Token);

            await pair.Far.Output.WriteAsync(bytes, Token);
            await pair.Far.Output.CompleteAsync();

            await EndsAsync(client.Completion);
            await EndsAsync(register);
            await EndsAsync(unregister);
            await AssertAnswersAreMessagesAsync(pair.Far.Input, bytes.Length);
        }, iter: 3000);

    /// <summary>Messages in any order, some more often, one or two of them mutated or replaced by random bytes.</summary>
    private static Gen<byte[]> Streams(byte[][] messages)
    {
        var message = Gen.Frequency(
            (6, Gen.Int[0, messages.Length - 1].Select(i => messages[i])),
            (3, Gen.Select(Gen.Int[0, messages.Length - 1], Mutation.Generate).Select((i, m) => m.Apply(messages[i]))),
            (1, Gen.UShort.Select(Unknown)));
        return Gen.Frequency(
            (8, Gen.Select(message.Array[0, 6], Gen.Bool)
                .Select((m, inOrder) => inOrder ? [.. messages[0], .. m.SelectMany(b => b)] : m.SelectMany(b => b).ToArray())),
            (1, Gen.Byte.Array[0, 200]));
    }

    private static async Task EndsAsync(Task task)
    {
        try
        {
            await task.WaitAsync(TimeSpan.FromSeconds(20), Token);
        }
        catch (Exception e) when (e is RpcException or RegistrationException)
        {
            // The exceptions that a peer may cause.
        }
    }

    /// <summary>What is said to somebody who tampers is valid, and no flood.</summary>
    private static async Task AssertAnswersAreMessagesAsync(PipeReader answers, int sent)
    {
        var bytes = 0L;
        while (await MessageStream.ReadAsync(answers, ReaderLimits.Default, Token) is { } message)
        {
            bytes += message.Bytes;
            Walk.Everything(message.RootPointer);
        }

        Assert.InRange(bytes, 0, 4096 + (8L * sent));
    }

    private static byte[] Call(uint id, MessageTarget target, ushort method, Action<PointerBuilder> parameters)
    {
        var message = CallMessage.Build(id, target, RegistrationInterface.Id, method, out var content);
        parameters(content);
        return message.ToArray();
    }

    private static byte[] Details(uint id)
    {
        var message = ReturnMessage.BeginResults(id, out var payload);
        RegistrationEncoding.WriteDetails(payload.InitStruct(0, 0, 1), new ConnectionDetails(Guid.NewGuid(), "LOC", false));
        return message.ToArray();
    }

    private static byte[] Unknown(ushort kind)
    {
        var message = new MessageBuilder();
        RpcMessage.Begin(message, (MessageKind)(kind % 20)).InitStruct(3, 3);
        return message.ToArray();
    }
}
