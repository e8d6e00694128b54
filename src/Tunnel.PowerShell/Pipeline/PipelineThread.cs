using System.Collections.Concurrent;

namespace Tunnel.PowerShell.Pipeline;

/// <summary>
/// Lets a cmdlet await the engine: PowerShell takes objects only on the thread that called the cmdlet, so that thread
/// runs every continuation, and everything that engine threads post, until the awaited work is done.
/// </summary>
internal sealed class PipelineThread : SynchronizationContext
{
    private readonly BlockingCollection<(SendOrPostCallback Callback, object? State)> _queue = [];

    private PipelineThread()
    {
    }

    /// <summary>Runs the work to its end on this thread; its exceptions come out as they were thrown.</summary>
    public static void Run(Func<Task> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        SynchronizationContext? outer = Current;
        var thread = new PipelineThread();
        SetSynchronizationContext(thread);
        try
        {
            Task task = work();
            task.ContinueWith(
                _ => thread._queue.CompleteAdding(),
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
            foreach ((SendOrPostCallback callback, object? state) in thread._queue.GetConsumingEnumerable())
            {
                callback(state);
            }

            task.GetAwaiter().GetResult();
        }
        finally
        {
            SetSynchronizationContext(outer);
        }
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        try
        {
            _queue.Add((d, state));
        }
        catch (InvalidOperationException) when (_queue.IsAddingCompleted)
        {
            // An engine event after the cmdlet's end has no pipeline left to be written to.
        }
    }

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("The pipeline's thread is waited for by the work itself.");
}
