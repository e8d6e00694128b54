using System.Globalization;
using System.Text;
using Tunnel.Protocol.CapnProto;
using Tunnel.Protocol.Registration;
using Tunnel.Protocol.Rpc.Messages;
using Tunnel.Protocol.Tests.Rpc;

namespace Tunnel.Protocol.Tests.Registration;

/// <summary>Our two sides against the bytes of cloudflared and of an edge that is not ours.</summary>
public sealed class CaptureTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly CapturedConnector _capture = CapturedConnector.Load();

    [Fact]
    public void Every_captured_message_is_read()
    {
        Assert.Equal(
            [
                MessageKind.Bootstrap, MessageKind.Return, MessageKind.Call, MessageKind.Finish, MessageKind.Return,
                MessageKind.Finish, MessageKind.Call, MessageKind.Return, MessageKind.Finish, MessageKind.Call,
                MessageKind.Return, MessageKind.Finish, MessageKind.Abort,
            ],
            _capture.Messages.Select(m => Read(m.Bytes).Kind));
    }

    [Fact]
    public void The_captured_registration_says_what_its_edge_logged()
    {
        var request = RegistrationEncoding.ReadRequest(Calls()[0].Parameters);

        AssertIsTheCapturedOne(request);
        Assert.Equal(_capture.Logged("RegisterConnection"), Describe(request));
    }

    [Fact]
    public void The_captured_calls_name_the_interface_the_methods_and_their_targets()
    {
        var calls = Calls();

        Assert.All(calls, c => Assert.Equal(RegistrationInterface.Id, c.InterfaceId));
        Assert.Equal(
            [
                RegistrationInterface.RegisterConnection,
                RegistrationInterface.UpdateLocalConfiguration,
                RegistrationInterface.UnregisterConnection,
            ],
            calls.Select(c => c.MethodId));
        Assert.Equal(
            [MessageTarget.Answer(0), MessageTarget.Import(0), MessageTarget.Import(0)],
            calls.Select(c => c.Target));
        Assert.Equal(
            _capture.Logged("UpdateLocalConfiguration"),
            "UpdateLocalConfiguration " + Encoding.UTF8.GetString(
                RegistrationEncoding.ReadConfiguration(calls[1].Parameters).Span));
    }

    [Fact]
    public async Task The_server_answers_the_captured_connector_as_its_edge_did()
    {
        var registered = CapturedDetails();
        var handler = new RecordingHandler { OnRegister = (_, _) => ValueTask.FromResult(registered) };
        var pair = new DuplexPair();
        var server = new RegistrationServer(pair.Far, handler);
        var running = server.RunAsync(Token);
        var connector = new RawPeer(pair.Near);

        var answers = new List<string>();
        foreach (var bytes in _capture.FromConnector)
        {
            await connector.SendAsync(bytes);
            if (Read(bytes).Kind is MessageKind.Bootstrap or MessageKind.Call)
            {
                answers.Add(DescribeReturn(await connector.ReceiveAsync(MessageKind.Return, Token)));
            }
        }

        await running;
        await connector.ReceiveEndAsync(Token);
        Assert.Equal(_capture.FromEdge.Select(b => DescribeReturn(Read(b))), answers);
        AssertIsTheCapturedOne(Assert.Single(handler.Requests));
        Assert.Equal(
            [
                "register",
                _capture.Logged("UpdateLocalConfiguration").Replace(
                    "UpdateLocalConfiguration", "configuration", StringComparison.Ordinal),
                "unregister",
            ],
            handler.Calls);
        Assert.Equal("rpc: shutdown", server.AbortReason);
    }

    [Fact]
    public async Task The_captured_stream_at_once_and_in_pieces_is_served_the_same()
    {
        var all = _capture.FromConnector.SelectMany(b => b).ToArray();
        foreach (var piece in new[] { all.Length, 1, 7, 64 })
        {
            var handler = new RecordingHandler();
            var pair = new DuplexPair();
            var running = new RegistrationServer(pair.Far, handler).RunAsync(Token);
            foreach (var chunk in all.Chunk(piece))
            {
                await pair.Near.Output.WriteAsync(chunk, Token);
            }

            await running;
            Assert.Equal(3, handler.Calls.Count);
        }
    }

    [Fact]
    public async Task The_client_understands_the_captured_edge_and_says_what_the_captured_connector_said()
    {
        var request = RegistrationEncoding.ReadRequest(Calls()[0].Parameters);
        var configuration = RegistrationEncoding.ReadConfiguration(Calls()[1].Parameters);
        var pair = new DuplexPair();
        var edge = new RawPeer(pair.Far);
        await using var client = new RegistrationClient(pair.Near);
        var said = new List<string>();
        var answers = new Queue<byte[]>(_capture.FromEdge);

        var register = client.RegisterAsync(request, Token);
        said.Add(Describe(await edge.ReceiveAsync(MessageKind.Bootstrap, Token)));
        said.Add(Describe(await edge.ReceiveAsync(MessageKind.Call, Token)));
        await edge.SendAsync(answers.Dequeue());
        said.Add(Describe(await edge.ReceiveAsync(MessageKind.Finish, Token)));
        await edge.SendAsync(answers.Dequeue());
        Assert.Equal(CapturedDetails(), await register);
        said.Add(Describe(await edge.ReceiveAsync(MessageKind.Finish, Token)));

        foreach (var call in new[] { client.UpdateLocalConfigurationAsync(configuration, Token), null })
        {
            var waiting = call ?? client.UnregisterAsync(Token);
            said.Add(Describe(await edge.ReceiveAsync(MessageKind.Call, Token)));
            await edge.SendAsync(answers.Dequeue());
            await waiting;
            said.Add(Describe(await edge.ReceiveAsync(MessageKind.Finish, Token)));
        }

        await client.ShutdownAsync(Token);
        said.Add(Describe(await edge.ReceiveAsync(MessageKind.Abort, Token)));
        await edge.ReceiveEndAsync(Token);
        await edge.Output.CompleteAsync();
        await client.Completion;

        Assert.Empty(answers);
        Assert.Equal(_capture.FromConnector.Select(b => Describe(Read(b))), said);
    }

    private static RpcMessage Read(byte[] bytes) => new(MessageReader.Parse(bytes));

    private List<CallMessage> Calls() =>
        [.. _capture.FromConnector.Select(Read).Where(m => m.Kind == MessageKind.Call).Select(m => CallMessage.Read(m.Body)!)];

    private ConnectionDetails CapturedDetails() => RegistrationEncoding.ReadResponse(
        ReturnMessage.ReadPayload(Read(_capture.FromEdge.ElementAt(1)).Body).GetStruct(0));

    /// <summary>The fields of the log's line; the secret is a dummy.</summary>
    private static void AssertIsTheCapturedOne(RegistrationRequest request)
    {
        Assert.Equal(Guid.Parse("6ff42ae2-765d-4adf-8112-31c55c1551ef"), request.TunnelId);
        Assert.Equal("0123456789abcdef0123456789abcdef", request.Auth.AccountTag);
        Assert.Equal(32, request.Auth.TunnelSecret.Length);
        Assert.DoesNotContain(Convert.ToHexString(request.Auth.TunnelSecret), request.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>In the words of the log.</summary>
    private static string Describe(RegistrationRequest r) => string.Create(CultureInfo.InvariantCulture,
        $"RegisterConnection tunnel={r.TunnelId} connIndex={r.ConnectionIndex} accountTag=\"{r.Auth.AccountTag}\" secretLen={r.Auth.TunnelSecret.Length} clientID={r.Options.Client.ClientId:N} version=\"{r.Options.Client.Version}\" arch=\"{r.Options.Client.Arch}\" features=[{string.Join(' ', r.Options.Client.Features.Select(f => $"\"{f}\""))}] originLocalIP={r.Options.OriginLocalIp} replaceExisting={(r.Options.ReplaceExisting ? "true" : "false")} compression={r.Options.CompressionQuality} prevAttempts={r.Options.PreviousAttempts}");

    private static string DescribeReturn(RpcMessage message)
    {
        var payload = ReturnMessage.ReadPayload(message.Body);
        var content = payload.GetPointer(0);
        var what = content.Kind == PointerKind.Capability
            ? $"capability {CapDescriptor.ReadImport(payload.GetList(1).GetStruct((int)content.GetCapability()!.Value))}"
            : content.GetStruct().PointerCount == 0 ? "nothing"
            : RegistrationEncoding.ReadResponse(content.GetStruct()).ToString();
        return $"{ReturnMessage.ReadAnswerId(message.Body)}: {what}";
    }

    /// <summary>What a message means, layout and defaults aside.</summary>
    private static string Describe(RpcMessage message)
    {
        switch (message.Kind)
        {
            case MessageKind.Bootstrap:
                return $"bootstrap {BootstrapMessage.ReadQuestionId(message.Body)}";
            case MessageKind.Finish:
                return $"finish {FinishMessage.Read(message.Body).QuestionId}";
            case MessageKind.Abort:
                return $"abort {ExceptionField.Read(message.Body).Message}";
            default:
                var call = CallMessage.Read(message.Body)!;
                var what = call.MethodId switch
                {
                    RegistrationInterface.RegisterConnection => Describe(RegistrationEncoding.ReadRequest(call.Parameters)),
                    RegistrationInterface.UpdateLocalConfiguration => Encoding.UTF8.GetString(
                        RegistrationEncoding.ReadConfiguration(call.Parameters).Span),
                    _ => "",
                };
                return $"call {call.QuestionId} {call.Target} {call.InterfaceId:x} {call.MethodId} {what}";
        }
    }
}
