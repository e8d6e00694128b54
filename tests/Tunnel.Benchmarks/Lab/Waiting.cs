using System.Diagnostics;

namespace Tunnel.Benchmarks.Lab;

/// <summary>Waits for what nobody announces.</summary>
internal static class Waiting
{
    /// <summary>The resolution of what is measured by waiting for it.</summary>
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(2);

    /// <exception cref="TimeoutException">It did not come true in time.</exception>
    public static async Task UntilAsync(Func<Task<bool>> condition, string what, TimeSpan limit, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started) > limit)
            {
                throw new TimeoutException($"Not within {limit.TotalSeconds:0} s: {what}.");
            }

            await Task.Delay(s_interval, cancellationToken);
        }
    }
}
