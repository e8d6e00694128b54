namespace Tunnel.Testing;

/// <summary>Waits for a condition that nothing announces.</summary>
public static class Eventually
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(10);

    public static async Task True(Func<bool> condition, string what, TimeSpan? limit = null)
    {
        using var timer = new PeriodicTimer(s_interval);
        using var end = new CancellationTokenSource(limit ?? s_limit);
        while (!condition())
        {
            try
            {
                await timer.WaitForNextTickAsync(end.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"Not in time: {what}");
            }
        }
    }
}
