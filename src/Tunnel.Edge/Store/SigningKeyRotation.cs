namespace Tunnel.Edge.Store;

/// <summary>How often the key that signs application tokens is replaced.</summary>
/// <param name="IntervalDays">From 21 to 365.</param>
/// <param name="LastAt">When it was replaced last, or made.</param>
public sealed record SigningKeyRotation(int IntervalDays, DateTimeOffset LastAt)
{
    /// <summary>Six weeks, as at Cloudflare.</summary>
    public const int DefaultDays = 42;

    /// <summary>Cloudflare takes no shorter interval.</summary>
    public const int MinDays = 21;

    /// <summary>Cloudflare takes no longer interval.</summary>
    public const int MaxDays = 365;

    /// <summary>How long tokens of a key count after another one has taken its place.</summary>
    public static TimeSpan Overlap { get; } = TimeSpan.FromDays(7);

    /// <summary>When it is replaced next.</summary>
    public DateTimeOffset NextAt => LastAt.AddDays(IntervalDays);
}
