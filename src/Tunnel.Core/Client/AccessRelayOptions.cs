namespace Tunnel.Core.Client;

/// <summary>Limits of <see cref="AccessRelay"/>.</summary>
public sealed record AccessRelayOptions
{
    /// <summary>After our own end: how long the far end may stay silent before the relay stops waiting for its end.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(30);

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
