namespace Tunnel.Edge.Api;

/// <summary>How the API answers.</summary>
public sealed record ApiOptions
{
    /// <summary>The path before every resource.</summary>
    public string BasePath { get; init; } = "/client/v4";

    /// <summary>
    /// The hosts that requests may name. Anything else is refused: a web page whose name was made to point at this
    /// machine (DNS rebinding) must not reach the API. An entry without a port stands for every port.
    /// </summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = ["127.0.0.1", "[::1]", "localhost"];

    /// <summary>The largest request body, in bytes.</summary>
    public int MaxBodyBytes { get; init; } = 1024 * 1024;

    /// <summary>
    /// Let new zones wait for an activation check, as at Cloudflare, where that takes until the domain is delegated.
    /// Otherwise a full zone is active at once: nobody delegates anything to an embedded edge.
    /// </summary>
    public bool ZonesStartPending { get; init; }

    /// <summary>How many streams the session of a nonce has open at the gateway.</summary>
    public Func<string, int> CountStreams { get; init; } = static _ => 0;

    /// <summary>The clock behind timestamps and expiry.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
