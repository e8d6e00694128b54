using Tunnel.Protocol.CapnProto;
using Tunnel.Protocol.Rpc.Messages;

namespace Tunnel.Protocol.Rpc;

/// <summary>
/// The answering side of a connection. Calls run one after the other beside the receiving side, so that a Finish can
/// reach a call that runs.
/// </summary>
internal sealed class CallServer(RpcOutput output, RpcOptions options, ICapability? bootstrap)
{
    private readonly AnswerTable _answers = new(options);
    private readonly BootstrapExport? _export = bootstrap is null ? null : new(bootstrap);
    private Task _lastCall = Task.CompletedTask;

    public MessageBuilder Bootstrap(uint questionId)
    {
        _answers.AddReturned(questionId, isBootstrap: _export is not null);
        if (_export is null)
        {
            return ReturnMessage.BuildException(
                questionId, RpcExceptionType.Failed, "There is no bootstrap capability on this side.");
        }

        _export.AddReference();
        return ReturnMessage.BuildCapability(questionId, BootstrapExport.Id);
    }

    /// <summary>Starts a call; the answer where it is refused at once.</summary>
    public MessageBuilder? Call(CallMessage call, long bytes)
    {
        if (!IsOurs(call.Target))
        {
            return Refuse(call, RpcExceptionType.Failed, "The call's target is no capability of this side.");
        }

        if (_answers.TryAddCall(call.QuestionId, bytes) is not { } answer)
        {
            return Refuse(call, RpcExceptionType.Overloaded, "Too many calls wait.");
        }

        _lastCall = RunAsync(_lastCall, answer, new RpcCall(call));
        return null;
    }

    public void Finish(FinishMessage finish)
    {
        // A question that is not known, or not any more, is none to cancel; other implementations pass over it, too.
        if (_answers.Finish(finish.QuestionId) is { IsBootstrap: true } && finish.ReleaseResultCaps)
        {
            _export?.Release(BootstrapExport.Id, 1);
        }
    }

    public void Release(ReleaseMessage release)
    {
        if (_export is null)
        {
            throw new RpcException(RpcExceptionType.Failed, "Nothing is exported that could be released.");
        }

        _export.Release(release.ExportId, release.References);
    }

    /// <summary>Cancels all calls, runs what unblocks those that wait for the peer, and waits for their end.</summary>
    public async Task StopAsync(Func<Task> closeOutput)
    {
        _answers.FinishAll();
        await closeOutput().ConfigureAwait(false);
        await _lastCall.ConfigureAwait(false);
    }

    private bool IsOurs(MessageTarget target) => _export is not null && (target.IsPromisedAnswer
        ? _answers.IsBootstrap(target.Id) && !target.IsTransformed
        : _export.IsHeld(target.Id));

    private MessageBuilder Refuse(CallMessage call, RpcExceptionType type, string reason)
    {
        _answers.AddReturned(call.QuestionId, isBootstrap: false);
        return ReturnMessage.BuildException(call.QuestionId, type, reason);
    }

    private async Task RunAsync(Task previous, Answer answer, RpcCall call)
    {
        await previous.ConfigureAwait(false);
        _ = ReturnAsync(answer, await InvokeAsync(answer, call).ConfigureAwait(false));
    }

    private async Task ReturnAsync(Answer answer, MessageBuilder message)
    {
        _answers.Return(answer);
        await output.SendAsync(message).ConfigureAwait(false);
        _answers.EndPending(answer);
    }

    private async ValueTask<MessageBuilder> InvokeAsync(Answer answer, RpcCall call)
    {
        var canceled = answer.Canceled;
        try
        {
            canceled.ThrowIfCancellationRequested();
            await _export!.Capability.CallAsync(call, canceled).ConfigureAwait(false);
            return call.Complete();
        }
        catch (OperationCanceledException) when (canceled.IsCancellationRequested)
        {
            return ReturnMessage.BuildCanceled(answer.Id);
        }
        catch (RpcException e)
        {
            return ReturnMessage.BuildException(answer.Id, e.Type, e.Message);
        }
        catch (CapnProtoException e)
        {
            return ReturnMessage.BuildException(answer.Id, RpcExceptionType.Failed, e.Message);
        }
        catch (Exception e)
        {
            options.OnUnhandledException?.Invoke(e);
            return ReturnMessage.BuildException(answer.Id, RpcExceptionType.Failed, "The call failed.");
        }
    }
}
