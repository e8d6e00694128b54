namespace Tunnel.Protocol.Rpc;

/// <summary>
/// The questions that are open, by their number. A number is free again when the Return has come and the Finish has
/// been sent, in whichever order; the one freed last is used next.
/// </summary>
internal sealed class QuestionTable(int capacity)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<uint, Question> _questions = [];
    private readonly Stack<uint> _free = [];
    private RpcException? _closed;

    public Question Add(bool keepsResultCaps)
    {
        lock (_lock)
        {
            if (_closed is not null)
            {
                throw new RpcException(_closed.Type, _closed.Message, _closed);
            }

            if (_questions.Count >= capacity)
            {
                throw new RpcException(RpcExceptionType.Overloaded, $"More than {capacity} calls wait for the peer.");
            }

            var question = new Question(_free.TryPop(out var id) ? id : (uint)_questions.Count, keepsResultCaps);
            _questions.Add(question.Id, question);
            return question;
        }
    }

    /// <summary>The Return has come; null if there is no such question.</summary>
    public Question? Return(uint id)
    {
        lock (_lock)
        {
            if (!_questions.TryGetValue(id, out var question) || question.IsReturned)
            {
                return null;
            }

            question.IsReturned = true;
            RemoveIfOver(question);
            return question;
        }
    }

    /// <summary>True for the one who is to send the Finish.</summary>
    public bool TryBeginFinish(Question question)
    {
        lock (_lock)
        {
            return !question.IsFinishing && (question.IsFinishing = true);
        }
    }

    /// <summary>The Finish is on its way: whatever uses the number now is sent after it.</summary>
    public void EndFinish(Question question)
    {
        lock (_lock)
        {
            question.IsFinished = true;
            RemoveIfOver(question);
        }
    }

    /// <summary>The peer has never taken the question, so that there is nothing to finish.</summary>
    public void Discard(Question question)
    {
        lock (_lock)
        {
            question.IsReturned = question.IsFinishing = question.IsFinished = true;
            RemoveIfOver(question);
        }
    }

    /// <summary>Fails all that are open, and all to come.</summary>
    public void Close(RpcException reason)
    {
        Question[] open;
        lock (_lock)
        {
            _closed ??= reason;
            open = [.. _questions.Values];
        }

        Array.ForEach(open, q => q.Fail(reason));
    }

    private void RemoveIfOver(Question question)
    {
        if (question.IsReturned && question.IsFinished
            && _questions.TryGetValue(question.Id, out var open) && open == question)
        {
            _questions.Remove(question.Id);
            _free.Push(question.Id);
        }
    }
}
