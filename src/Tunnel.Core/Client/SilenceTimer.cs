namespace Tunnel.Core.Client;

/// <summary>Cuts a stream that stays silent after our own end. Until then there is no timer.</summary>
internal sealed class SilenceTimer(AccessStream stream, AccessRelayOptions options) : IDisposable
{
    private readonly Lock _gate = new();
    private ITimer? _timer;
    private bool _disposed;
    private bool _paused;

    public bool Expired { get; private set; }

    /// <summary>Our side has ended.</summary>
    public void Start()
    {
        lock (_gate)
        {
            if (!_disposed)
            {
                _timer = options.TimeProvider.CreateTimer(
                    _ => Expire(), null, _paused ? Timeout.InfiniteTimeSpan : options.CloseTimeout, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>The far end has sent something, which is being passed on.</summary>
    public void Pause() => Change(paused: true);

    /// <summary>The time counts from now on.</summary>
    public void Resume() => Change(paused: false);

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _timer?.Dispose();
        }
    }

    private void Change(bool paused)
    {
        lock (_gate)
        {
            _paused = paused;
            _timer?.Change(paused ? Timeout.InfiniteTimeSpan : options.CloseTimeout, Timeout.InfiniteTimeSpan);
        }
    }

    private void Expire()
    {
        lock (_gate)
        {
            if (_disposed || _paused)
            {
                return;
            }

            Expired = true;
        }

        stream.Abort();
    }
}
