namespace Tunnel.Core.Api;

/// <summary>How long, and how often, calls of the API are tried before they fail.</summary>
public sealed record ApiLimits
{
    /// <summary>How long one try may take, from the first byte sent to the last byte read.</summary>
    public TimeSpan TryTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long one call may take with all its tries and waits.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>How often an idempotent call is tried again; 0 to 10.</summary>
    public int MaxRetries { get; init; } = 4;

    /// <summary>The first wait before a retry; it doubles, with jitter, up to <see cref="MaxRetryDelay"/>.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromSeconds(10);
}
