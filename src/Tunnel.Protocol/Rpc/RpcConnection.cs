using System.IO.Pipelines;
using Tunnel.Protocol.CapnProto;
using Tunnel.Protocol.Rpc.Messages;

namespace Tunnel.Protocol.Rpc;

/// <summary>
/// A connection of two vats, each of which may call the other's bootstrap capability: level 1 of rpc.capnp
/// (0xb312981b2552a250), less what capabilities in parameters and results of calls would need. Holds no buffer while it
/// is idle.
/// </summary>
public sealed class RpcConnection
{
    private readonly PipeReader _input;
    private readonly RpcOutput _output;
    private readonly RpcOptions _options;
    private readonly QuestionTable _questions;
    private readonly CallServer _server;

    /// <param name="transport">The stream; completed when <see cref="RunAsync"/> ends.</param>
    /// <param name="options">Bounds; <see cref="RpcOptions.Default"/> if null.</param>
    /// <param name="bootstrap">What the peer may call; null if nothing.</param>
    public RpcConnection(IDuplexPipe transport, RpcOptions? options = null, ICapability? bootstrap = null)
    {
        ArgumentNullException.ThrowIfNull(transport);
        _options = options ?? RpcOptions.Default;
        _input = transport.Input;
        _output = new RpcOutput(transport.Output, _options);
        _questions = new QuestionTable(_options.MaxQuestions);
        _server = new CallServer(_output, _options, bootstrap);
    }

    /// <summary>What the peer said as it aborted the connection; null if it did not.</summary>
    public RpcException? PeerAbort { get; private set; }

    /// <summary>Asks for the peer's bootstrap capability, which can be called at once.</summary>
    /// <exception cref="RpcException">The connection has ended.</exception>
    public RemoteCapability Bootstrap()
    {
        var question = _questions.Add(keepsResultCaps: true);
        var capability = new RemoteCapability(this, question);
        _ = _output.SendAsync(BootstrapMessage.Build(question.Id));
        return capability;
    }

    /// <summary>Receives until the peer ends the stream or aborts, then completes the transport.</summary>
    /// <exception cref="RpcException">The peer violated the protocol, or the transport broke.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the transport is completed then, too.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ReceiveAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is CapnProtoException or RpcException { Type: not RpcExceptionType.Disconnected })
        {
            var violation = new RpcException(RpcExceptionType.Failed, $"The peer violated the protocol: {e.Message}", e);
            await AbortAsync(violation.Message, cancellationToken)
                .WaitAsync(_options.CloseTimeout, _options.TimeProvider, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw violation;
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // Transports have exceptions of their own kinds.
            cancellationToken.ThrowIfCancellationRequested();
            throw new RpcException(RpcExceptionType.Disconnected, $"The transport broke: {e.Message}", e);
        }
        finally
        {
            _questions.Close(Disconnected(PeerAbort is null
                ? "The connection has ended."
                : $"The peer ended the connection: {PeerAbort.Message}"));
            await _server.StopAsync(_output.CompleteAsync).ConfigureAwait(false);
            await _input.CompleteAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Tells the peer that the connection ends and why, and completes the output. Waiting calls fail.</summary>
    public async Task AbortAsync(string reason, CancellationToken cancellationToken)
    {
        _questions.Close(Disconnected("The connection was shut down."));
        try
        {
            await _output.SendAsync(AbortMessage.Build(reason)).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await _output.CompleteAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Calls a method; the results' payload.</summary>
    internal async Task<StructReader> CallAsync(
        RemoteCapability capability,
        ulong interfaceId,
        ushort methodId,
        Action<PointerBuilder> parameters,
        CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var question = _questions.Add(keepsResultCaps: false);
        var isSent = false;
        try
        {
            var sent = _output.SendAsync(() =>
            {
                var call = CallMessage.Build(question.Id, capability.Target, interfaceId, methodId, out var content);
                parameters(content);
                isSent = true;
                return call;
            });
            if (!await sent.WaitAsync(cancellationToken).ConfigureAwait(false))
            {
                _questions.Close(Disconnected("The peer takes no more calls."));
            }

            return await question.Returned.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception) when (_questions.TryBeginFinish(question))
        {
            // Not returned, so it is given up, or has never been sent. Only after its turn that is certain.
            _ = _output.SendAsync(() =>
            {
                if (!isSent)
                {
                    _questions.Discard(question);
                    return null;
                }

                return Finish(question);
            });
            throw;
        }
    }

    private static RpcException Disconnected(string reason) => new(RpcExceptionType.Disconnected, reason);

    private async Task ReceiveAsync(CancellationToken cancellationToken)
    {
        while (await MessageStream.ReadAsync(_input, _options.Reader, cancellationToken).ConfigureAwait(false) is { } reader)
        {
            var message = new RpcMessage(reader);
            if (message.Kind == MessageKind.Abort)
            {
                PeerAbort = ExceptionField.Read(message.Body);
                return;
            }

            // Waiting for the answer to be sent holds back a peer that asks without reading.
            await HandleAsync(message).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Handles a message, and sends what is to be sent for it at once.</summary>
    private Task HandleAsync(RpcMessage message)
    {
        var body = message.Body;
        switch (message.Kind)
        {
            case MessageKind.Bootstrap:
                return SendAsync(_server.Bootstrap(BootstrapMessage.ReadQuestionId(body)));
            case MessageKind.Call:
                return SendAsync(CallMessage.Read(body) is { } call
                    ? _server.Call(call, message.Bytes)
                    : message.ToUnimplemented());
            case MessageKind.Return:
                return ReturnAsync(body);
            case MessageKind.Finish:
                _server.Finish(FinishMessage.Read(body));
                return Task.CompletedTask;
            case MessageKind.Release:
                _server.Release(ReleaseMessage.Read(body));
                return Task.CompletedTask;
            case MessageKind.Resolve:
                // A promise may be called as before, so what it resolved to is not needed.
                return SendAsync(ResolveMessage.ReadImport(body) is { } import ? new ReleaseMessage(import, 1).Build() : null);
            case MessageKind.Disembargo when DisembargoMessage.IsReceiverLoopback(body):
                return Task.CompletedTask;
            case MessageKind.Disembargo when DisembargoMessage.IsSenderLoopback(body):
                return SendAsync(DisembargoMessage.BuildReceiverLoopback(body) ?? message.ToUnimplemented());
            case MessageKind.Unimplemented:
                Unimplemented(body);
                return Task.CompletedTask;
            default:
                return SendAsync(message.ToUnimplemented());
        }
    }

    private Task SendAsync(MessageBuilder? message) =>
        message is null ? Task.CompletedTask : _output.SendAsync(message);

    private Task ReturnAsync(StructReader body)
    {
        var id = ReturnMessage.ReadAnswerId(body);
        var question = _questions.Return(id)
            ?? throw new RpcException(RpcExceptionType.Failed, $"There is no question {id} to return.");
        // Before it completes: whoever waits for it must not find it unfinished and finish it again.
        var finishes = _questions.TryBeginFinish(question);
        question.Return(body);
        return finishes ? _output.SendAsync(() => Finish(question)) : Task.CompletedTask;
    }

    private MessageBuilder Finish(Question question)
    {
        _questions.EndFinish(question);
        return question.Finish.Build();
    }

    /// <summary>The peer does not know a message of ours. If it was a question, that is its answer.</summary>
    private void Unimplemented(StructReader message)
    {
        var kind = (MessageKind)message.GetUInt16(0);
        if (kind is MessageKind.Call or MessageKind.Bootstrap
            && _questions.Return(message.GetStruct(0).GetUInt32(0)) is { } question)
        {
            _questions.Discard(question);
            question.Fail(new RpcException(RpcExceptionType.Unimplemented, $"The peer does not implement {kind}."));
        }
    }
}
