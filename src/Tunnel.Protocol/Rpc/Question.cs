using Tunnel.Protocol.CapnProto;
using Tunnel.Protocol.Rpc.Messages;

namespace Tunnel.Protocol.Rpc;

/// <summary>A call or Bootstrap of ours, until it is both returned by the peer and finished by us.</summary>
/// <param name="id">Its number.</param>
/// <param name="keepsResultCaps">Whether the capabilities among the results are held on to.</param>
internal sealed class Question(uint id, bool keepsResultCaps)
{
    private readonly TaskCompletionSource<StructReader> _returned =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    public uint Id => id;

    /// <summary>The results' payload, or the exception.</summary>
    public Task<StructReader> Returned => _returned.Task;

    /// <summary>Sees the payload before <see cref="Returned"/> completes and the Finish is sent.</summary>
    public Action<StructReader>? OnReturn { get; set; }

    public FinishMessage Finish => new(id, ReleaseResultCaps: !keepsResultCaps);

    /// <summary>For <see cref="QuestionTable"/>: the Return has come.</summary>
    public bool IsReturned { get; set; }

    /// <summary>For <see cref="QuestionTable"/>: somebody sends the Finish.</summary>
    public bool IsFinishing { get; set; }

    /// <summary>For <see cref="QuestionTable"/>: the Finish is on its way.</summary>
    public bool IsFinished { get; set; }

    /// <summary>Completes with what the message says, be it results or an exception.</summary>
    /// <exception cref="CapnProtoException">The message cannot be read.</exception>
    public void Return(StructReader message)
    {
        try
        {
            var payload = ReturnMessage.ReadPayload(message);
            OnReturn?.Invoke(payload);
            _returned.TrySetResult(payload);
        }
        catch (RpcException e)
        {
            Fail(e);
        }
        catch (CapnProtoException e)
        {
            Fail(new RpcException(RpcExceptionType.Failed, $"The answer cannot be read: {e.Message}", e));
            throw;
        }
    }

    public void Fail(RpcException exception)
    {
        _returned.TrySetException(exception);
        // Nobody may be waiting: that is no unobserved failure.
        _ = _returned.Task.Exception;
    }
}
