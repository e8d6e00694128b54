namespace Tunnel.Edge.Transfers;

/// <summary>The bounds of a <see cref="TransferStore"/>.</summary>
public sealed record TransferStoreOptions
{
    /// <summary>How long something is kept for a program that does not come for it.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long a request is held when there is nothing yet. cloudflared gives up after 60 seconds, ten times, and does
    /// not pause between two tries.
    /// </summary>
    public TimeSpan Hold { get; init; } = TimeSpan.FromSeconds(50);

    /// <summary>How many results are kept at a time.</summary>
    public int MaxEntries { get; init; } = 128;

    /// <summary>Characters of the largest result.</summary>
    public int MaxLength { get; init; } = 32 * 1024;

    /// <summary>How many requests may wait at a time.</summary>
    public int MaxWaiting { get; init; } = 256;

    /// <summary>How many requests of one site, i.e. an IPv4 address or the first 48 bits of an IPv6 address, may wait at a time.</summary>
    public int MaxWaitingPerSite { get; init; } = 32;

    /// <summary>The clock behind all of it.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
