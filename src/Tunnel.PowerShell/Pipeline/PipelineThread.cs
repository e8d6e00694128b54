using System.Collections.Concurrent;

namespace Tunnel.PowerShell.Pipeline;

/// <summary>
/// Lets a cmdlet await the engine: PowerShell takes objects only on the thread that called the cmdlet, so that thread
/// runs every continuation, and everything that engine threads post, until the awaited work is done.
/// </summary>
internal sealed class PipelineThread : SynchronizationContext
{
    private readonly BlockingCollection<(SendOrPostCallback Callback, object? State)> _queue = [];

    private readonly SynchronizationContext? _outer;

    private PipelineThread(SynchronizationContext? outer) => _outer = outer;

    /// <summary>Runs the work to its end on this thread; its exceptions come out as they were thrown.</summary>
    public static void Run(Func<Task> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        SynchronizationContext? outer = Current;
        var thread = new PipelineThread(outer);
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

    /// <summary>
    /// Calls PowerShell as if no work were awaited. What it runs, such as the script blocks of the pipeline, may block on
    /// asynchronous code, whose continuations would be queued behind the very thread that waits for them.
    /// </summary>
    public static T Outside<T>(Func<T> call)
    {
        if (Current is not PipelineThread thread)
        {
            return call();
        }

        SetSynchronizationContext(thread._outer);
        try
        {
            return call();
        }
        finally
        {
            SetSynchronizationContext(thread);
        }
    }

    /// <inheritdoc cref="Outside{T}"/>
    public static void Outside(Action call) => Outside(() =>
    {
        call();
        return true;
    });

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
