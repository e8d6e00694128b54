using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Tunnel.Core.Api;

namespace Tunnel.Core.Accounts;

/// <summary>Which control plane to connect to, and as what.</summary>
public sealed class AccountConnectorOptions
{
    /// <summary>Cloudflare's own API.</summary>
    public static Uri CloudflareAddress => TunnelApiOptions.CloudflareAddress;

    /// <summary>The API token.</summary>
    public required string ApiToken { get; init; }

    /// <summary>The API's address, with or without a trailing slash.</summary>
    public Uri ApiAddress { get; init; } = CloudflareAddress;

    /// <summary>The account, by identifier or by name; needed when the token sees several.</summary>
    public string? Account { get; init; }

    /// <summary>A PEM file with the authorities to trust instead of the system's.</summary>
    public string? CertificateAuthorityFile { get; init; }

    /// <summary>Where connectors dial; empty: Cloudflare's network.</summary>
    public IReadOnlyList<DnsEndPoint> EdgeAddresses { get; init; } = [];

    /// <summary>Where visitors' clients connect instead of the hostname's own address; null: by DNS.</summary>
    public DnsEndPoint? PublicEndPoint { get; init; }

    /// <summary>Whether to look which permissions the token lacks; see <see cref="TunnelAccount.MissingPermissions"/>.</summary>
    public bool CheckPermissions { get; init; }

    /// <summary>How long that may take: it is a help and not a condition.</summary>
    public TimeSpan PermissionCheckTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The names of the cmdlets that a missing permission is told for.</summary>
    public IReadOnlyList<string> Commands { get; init; } = [];

    /// <summary>When a call of the API that fails is given up, then and as long as the account is connected.</summary>
    public ApiLimits Limits { get; init; } = new();

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    public ILogger Logger { get; init; } = NullLogger.Instance;
}
