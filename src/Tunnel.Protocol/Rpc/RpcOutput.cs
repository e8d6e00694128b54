using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Tunnel.Protocol.CapnProto;

namespace Tunnel.Protocol.Rpc;

/// <summary>
/// The sending side of a connection: whole messages, in the order of the calls, each flushed. A slow peer holds its
/// senders back. After the end, messages are dropped: that the connection has ended is for its receiving side to say.
/// </summary>
internal sealed class RpcOutput(PipeWriter output, RpcOptions options)
{
    private readonly Lock _lock = new();
    private Task _last = Task.CompletedTask;
    private Task? _completed;
    private volatile bool _closed;
    private Exception? _broken;

    /// <summary>Sends a message; false if the output has ended.</summary>
    public Task<bool> SendAsync(MessageBuilder message) => SendAsync(() => message);

    /// <summary>
    /// Sends a message that is built when its turn has come, since it depends on those before it; none if it is null.
    /// False if the output has ended: the message is not even built then.
    /// </summary>
    public Task<bool> SendAsync(Func<MessageBuilder?> build)
    {
        lock (_lock)
        {
            var sent = SendAfterAsync(_last, build);
            _last = sent;
            return sent;
        }
    }

    /// <summary>Ends the output. What is being sent has the close timeout for it; what waits is dropped.</summary>
    public Task CompleteAsync()
    {
        lock (_lock)
        {
            _closed = true;
            return _completed ??= CompleteAfterAsync(_last);
        }
    }

    private async Task<bool> SendAfterAsync(Task previous, Func<MessageBuilder?> build)
    {
        await TurnAsync(previous);
        return !_closed && (build() is not { } message || await WriteAsync(message).ConfigureAwait(false));
    }

    private async Task CompleteAfterAsync(Task previous)
    {
        var last = previous.WaitAsync(options.CloseTimeout, options.TimeProvider);
        await TurnAsync(last);
        if (!previous.IsCompleted)
        {
            output.CancelPendingFlush();
            await TurnAsync(previous);
        }

        await output.CompleteAsync(_broken).ConfigureAwait(false);
    }

    /// <summary>Yields even if it is our turn already: nothing of the transport's runs under the lock.</summary>
    private static ConfiguredTaskAwaitable TurnAsync(Task previous) =>
        previous.ConfigureAwait(ConfigureAwaitOptions.ForceYielding | ConfigureAwaitOptions.SuppressThrowing);

    private async ValueTask<bool> WriteAsync(MessageBuilder message)
    {
        try
        {
            message.WriteTo(output);
            var result = await output.FlushAsync().ConfigureAwait(false);
            if (result.IsCanceled)
            {
                _broken = new OperationCanceledException("The peer did not take a message in time.");
            }

            _closed |= result.IsCanceled || result.IsCompleted;
        }
        catch (Exception e)
        {
            // The transport's own kind of exception: the connection is lost, whatever the kind.
            _broken = e;
            _closed = true;
        }

        return !_closed;
    }
}
