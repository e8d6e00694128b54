namespace Tunnel.Core.Log;

/// <summary>How the request log is followed.</summary>
public sealed record AccessLogReaderOptions
{
    /// <summary>How long to wait after a look at the log that found something.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The longest wait, where nothing happens.</summary>
    public TimeSpan MaxPollInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How much later an entry may come into the log than one of a later time.</summary>
    public TimeSpan LookBack { get; init; } = TimeSpan.FromMinutes(1);

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
