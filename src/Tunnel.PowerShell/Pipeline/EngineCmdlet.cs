using System.Management.Automation;

namespace Tunnel.PowerShell.Pipeline;

/// <summary>
/// What every cmdlet has: a token that Ctrl+C cancels, asynchronous processing on the pipeline's thread, and one error
/// record for each pipeline item that failed.
/// </summary>
public abstract partial class EngineCmdlet : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Cancelled when the pipeline is stopped. Goes to every engine method.</summary>
    protected CancellationToken StopToken => _stopping.Token;

    /// <summary>What an error is about: the record names it.</summary>
    protected virtual object? ErrorTarget => null;

    private protected TunnelSession Session => TunnelSession.Of(this);

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            _stopping.Dispose();
        }
    }

    /// <summary>Does the work for one pipeline item. Continuations run on the pipeline's thread.</summary>
    protected abstract Task ProcessItemAsync();

    /// <summary>Does what can only be done when every pipeline item is known.</summary>
    protected virtual Task FinishAsync() => Task.CompletedTask;

    protected sealed override void ProcessRecord() => Run(ProcessItemAsync);

    protected sealed override void EndProcessing() => Run(FinishAsync);

    protected sealed override void StopProcessing() => _stopping.Cancel();

    private void Run(Func<Task> work)
    {
        try
        {
            PipelineThread.Run(work);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
        catch (Exception e) when (EngineErrors.ToRecord(e, ErrorTarget) is { } record)
        {
            WriteError(record);
        }
    }

    private protected void WriteProgressOf(string activity, string status, int percent = -1) =>
        WriteProgress(new ProgressRecord(1, activity, status) { PercentComplete = percent });

    private protected void EndProgress(string activity) =>
        WriteProgress(new ProgressRecord(1, activity, "done") { RecordType = ProgressRecordType.Completed });

    /// <summary>Writes each object as soon as the engine has it: a page of a long list is shown before the next one.</summary>
    private protected async Task WriteAllAsync<T>(IAsyncEnumerable<T> items)
    {
        await foreach (T item in items.WithCancellation(StopToken).ConfigureAwait(true))
        {
            WriteObject(item);
        }
    }
}
