using System.Net;

namespace Tunnel.Edge.Login;

/// <summary>
/// How often a wrong API token may be tried: some times a minute from one address, and more often from all together, so
/// that many addresses are no way around it.
/// </summary>
internal sealed class SignInLimit(TimeProvider time)
{
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private const int PerAddress = 5;
    private const int Altogether = 50;

    private readonly Lock _lock = new();
    private readonly Queue<(DateTimeOffset At, IPAddress? Address)> _failures = new();

    public bool IsReached(IPAddress? address)
    {
        lock (_lock)
        {
            Forget();
            return _failures.Count >= Altogether || _failures.Count(failure => Equals(failure.Address, address)) >= PerAddress;
        }
    }

    public void Count(IPAddress? address)
    {
        lock (_lock)
        {
            Forget();
            if (_failures.Count < Altogether)
            {
                _failures.Enqueue((time.GetUtcNow(), address));
            }
        }
    }

    private void Forget()
    {
        var before = time.GetUtcNow() - Window;
        while (_failures.TryPeek(out var oldest) && oldest.At <= before)
        {
            _failures.Dequeue();
        }
    }
}
