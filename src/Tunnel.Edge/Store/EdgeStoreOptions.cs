using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Tunnel.Edge.Store;

/// <summary>Where an edge keeps its state, and what the first start puts there.</summary>
public sealed record EdgeStoreOptions
{
    /// <summary>A directory of the edge's own; made with mode 0700 where it is missing.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>The account's name, used at the first start.</summary>
    public string AccountName { get; init; } = "Tunnel";

    /// <summary>The organisation's sign-in host, used at the first start.</summary>
    public string AuthDomain { get; init; } = "tunnel.cloudflareaccess.test";

    /// <summary>The clock behind every timestamp.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>How long a statement waits for another one's lock.</summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long an entry of the request log is kept.</summary>
    public TimeSpan AccessLogRetention { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How many entries of the request log are kept; the oldest go first.</summary>
    public long AccessLogMaximum { get; init; } = 1_000_000;

    /// <summary>Where it is told that the request log cannot be written.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;
}
