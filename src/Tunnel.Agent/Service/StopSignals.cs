using System.Runtime.InteropServices;

namespace Tunnel.Agent.Service;

/// <summary>
/// SIGTERM, SIGINT and SIGHUP for a program that has something to put in order: the first asks it to stop, the second to stop
/// at once.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _atOnce = new();
    private readonly PosixSignalRegistration[] _registrations;

    public StopSignals() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, Take),
        PosixSignalRegistration.Create(PosixSignal.SIGINT, Take),
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, Take), // ssh's, and a terminal's that is closed; nohup's stays ignored
    ];

    public CancellationToken Stopping => _stopping.Token;

    public CancellationToken AtOnce => _atOnce.Token;

    /// <summary>Ends at the first signal.</summary>
    public Task WaitAsync() => Task.Delay(Timeout.Infinite, Stopping).ContinueWith(
        static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _stopping.Dispose();
        _atOnce.Dispose();
    }

    private void Take(PosixSignalContext context)
    {
        context.Cancel = true;
        (_stopping.IsCancellationRequested ? _atOnce : _stopping).Cancel();
    }
}
