namespace Tunnel.Testing;

/// <summary>The machine's clock, put forward as far as a test wants; timers run as ever.</summary>
public sealed class ShiftedTime : TimeProvider
{
    public TimeSpan Offset { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Offset;
}
