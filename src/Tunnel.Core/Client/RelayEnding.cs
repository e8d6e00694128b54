namespace Tunnel.Core.Client;

/// <summary>How a relay came to its end.</summary>
public enum RelayEnding
{
    /// <summary>The far end closed the stream; all that it sent was passed on.</summary>
    FarEnd,

    /// <summary>Our side had closed, and the far end neither sent nor closed anything for the time given.</summary>
    TimedOut,

    /// <summary>Nobody reads our output any more.</summary>
    OutputGone,
}
