using Tunnel.Core.Api;

namespace Tunnel.Core.Tunnels;

/// <summary>What has to be taken back, the last first, when a later step fails.</summary>
internal sealed class UndoStack
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly Stack<(string What, Func<CancellationToken, Task> Undo)> _steps = new();

    /// <summary>Push before the step is done: it may have happened although it failed.</summary>
    public void Push(string what, Func<CancellationToken, Task> undo) => _steps.Push((what, undo));

    public void Push(string what, Action undo) => _steps.Push((what, _ =>
    {
        undo();
        return Task.CompletedTask;
    }));

    /// <summary>Undoes everything, whatever of it fails.</summary>
    /// <returns>What could not be undone.</returns>
    public async Task<IReadOnlyList<string>> RunAsync()
    {
        var failures = new List<string>();
        // Not cancelled with the start: a person who presses Ctrl+C wants nothing left behind.
        using var limit = new CancellationTokenSource(Limit);
        while (_steps.TryPop(out var step))
        {
            try
            {
                await step.Undo(limit.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is TunnelApiException or IOException or UnauthorizedAccessException
                or OperationCanceledException or SshTunnelException or FormatException)
            {
                failures.Add($"{step.What} ({e.Message})");
            }
        }

        return failures;
    }
}
