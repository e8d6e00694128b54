using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Tunnel.Core.Api;

/// <summary>Where Cloudflare's API v4 (or an edge that speaks it) is, and how to call it.</summary>
public sealed class TunnelApiOptions
{
    /// <summary>Cloudflare's own address.</summary>
    public static Uri CloudflareAddress { get; } = new("https://api.cloudflare.com/client/v4/");

    /// <summary>The address of Cloudflare's network for the government of the United States.</summary>
    internal static Uri FederalAddress { get; } = new("https://api.fed.cloudflare.com/client/v4/");

    /// <summary>The address of the API, with or without a trailing slash. Plain HTTP is taken on loopback only.</summary>
    public Uri BaseAddress { get; init; } = CloudflareAddress;

    /// <summary>The API token; it goes into the Authorization header and nowhere else.</summary>
    public required string ApiToken { get; init; }

    /// <summary>
    /// The authorities to trust instead of the system's. Host names are checked all the same. Null: the system's.
    /// </summary>
    public X509Certificate2Collection? CertificateAuthorities { get; init; }

    /// <summary>When a call that fails is given up.</summary>
    public ApiLimits Limits { get; init; } = new();

    /// <summary>The largest answer that is read, in bytes after decompression.</summary>
    public int MaxResponseBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>How many entries a page is asked to have; 50 is the most that every list of Cloudflare's takes.</summary>
    public int PageSize { get; init; } = 50;

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>What a client keeps of the options: all but the token, which it can then forget.</summary>
    internal TunnelApiOptions WithoutToken() => new()
    {
        BaseAddress = BaseAddress,
        ApiToken = "",
        CertificateAuthorities = CertificateAuthorities,
        Limits = Limits,
        MaxResponseBytes = MaxResponseBytes,
        PageSize = PageSize,
        TimeProvider = TimeProvider,
        Logger = Logger,
    };
}
