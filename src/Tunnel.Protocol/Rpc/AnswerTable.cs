namespace Tunnel.Protocol.Rpc;

/// <summary>The peer's questions that are open, by its numbers, and what those that wait, run or are being returned cost.</summary>
internal sealed class AnswerTable(RpcOptions options)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<uint, Answer> _answers = [];
    private int _pendingCalls;
    private long _pendingBytes;

    /// <summary>Takes a question that is answered at once.</summary>
    /// <exception cref="RpcException">The number is in use, or the table is full: the peer violates the protocol.</exception>
    public Answer AddReturned(uint id, bool isBootstrap)
    {
        lock (_lock)
        {
            return Add(new Answer { Id = id, IsBootstrap = isBootstrap, Bytes = 0, IsReturned = true });
        }
    }

    /// <summary>Takes a call; null if too many are pending already.</summary>
    /// <exception cref="RpcException">The number is in use, or the table is full: the peer violates the protocol.</exception>
    public Answer? TryAddCall(uint id, long bytes)
    {
        lock (_lock)
        {
            if (_pendingCalls >= options.MaxPendingCalls || _pendingBytes + bytes > options.MaxPendingBytes)
            {
                return null;
            }

            var answer = Add(new Answer { Id = id, IsBootstrap = false, Bytes = bytes });
            _pendingCalls++;
            _pendingBytes += bytes;
            return answer;
        }
    }

    public bool IsBootstrap(uint id)
    {
        lock (_lock)
        {
            return _answers.TryGetValue(id, out var answer) && answer.IsBootstrap;
        }
    }

    /// <summary>The Return is about to be sent. From then on the peer may use the number again, once it has finished.</summary>
    public void Return(Answer answer)
    {
        lock (_lock)
        {
            answer.IsReturned = true;
            RemoveIfOver(answer);
        }
    }

    /// <summary>The peer has taken the Return. A peer that does not read has its calls pending until it does.</summary>
    public void EndPending(Answer answer)
    {
        lock (_lock)
        {
            _pendingCalls--;
            _pendingBytes -= answer.Bytes;
        }
    }

    /// <summary>The peer finishes a question; null if there is none. Only the connection's receiving side calls this.</summary>
    public Answer? Finish(uint id)
    {
        Answer? answer;
        lock (_lock)
        {
            if (!_answers.TryGetValue(id, out answer))
            {
                return null;
            }
        }

        // Outside of the lock: this runs whatever was registered on the token.
        answer.Cancel();
        lock (_lock)
        {
            answer.IsFinished = true;
            RemoveIfOver(answer);
        }

        return answer;
    }

    /// <summary>Cancels all calls that run or wait.</summary>
    public void FinishAll()
    {
        uint[] open;
        lock (_lock)
        {
            open = [.. _answers.Keys];
        }

        Array.ForEach(open, id => Finish(id));
    }

    private Answer Add(Answer answer)
    {
        if (_answers.Count >= options.MaxAnswers)
        {
            throw new RpcException(RpcExceptionType.Overloaded, $"More than {options.MaxAnswers} calls are not finished.");
        }

        return _answers.TryAdd(answer.Id, answer)
            ? answer
            : throw new RpcException(RpcExceptionType.Failed, $"Question {answer.Id} is in use already.");
    }

    private void RemoveIfOver(Answer answer)
    {
        if (answer.IsReturned && answer.IsFinished)
        {
            _answers.Remove(answer.Id);
            answer.Dispose();
        }
    }
}
