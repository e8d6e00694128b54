namespace Tunnel.Testing;

/// <summary>Waits for a condition that nothing announces.</summary>
public static class Eventually
{
    /// <summary>
    /// How long tests wait for what comes at once: much longer than that, because a busy machine is slow, and much shorter
    /// than what would come by itself.
    /// </summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(10);

    public static Task True(Func<bool> condition, string what, TimeSpan? limit = null) =>
        True(() => Task.FromResult(condition()), what, limit);

    public static async Task True(Func<Task<bool>> condition, string what, TimeSpan? limit = null)
    {
        using var timer = new PeriodicTimer(s_interval);
        using var end = new CancellationTokenSource(limit ?? Limit);
        while (!await condition())
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
