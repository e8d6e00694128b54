using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Tunnel.Core.Connector.Access;
using Tunnel.Protocol.Configuration;
using Tunnel.Protocol.Credentials;

namespace Tunnel.Core.Connector;

/// <summary>What a connector needs to know.</summary>
public sealed record ConnectorOptions
{
    /// <summary>The server name that a connector asks for in TLS, whatever address it dials.</summary>
    public const string EdgeServerName = "h2.cftunnel.com";

    /// <summary>Which tunnel it is, and the proof of it.</summary>
    public required TunnelCredentials Credentials { get; init; }

    /// <summary>The ingress rules.</summary>
    public required TunnelConfiguration Configuration { get; init; }

    /// <summary>Addresses of the edge, used in turn. Empty: Cloudflare's, looked up by name.</summary>
    public IReadOnlyList<DnsEndPoint> EdgeAddresses { get; init; } = [];

    /// <summary>Authorities that may vouch for the edge, instead of the system's.</summary>
    public X509Certificate2Collection? CertificateAuthorities { get; init; }

    /// <summary>How the keys are had for rules that want an Access token (<c>originRequest.access</c>).</summary>
    public AccessTeamOptions AccessTeam { get; init; } = new();

    /// <summary>How many connections to keep, 1 to 255.</summary>
    public int Connections { get; init; } = 4;

    /// <summary>How long open streams may go on after a stop was asked for.</summary>
    public TimeSpan GracePeriod { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Bounds the connection to the edge, TLS included.</summary>
    public TimeSpan DialTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Bounds each call on the control stream.</summary>
    public TimeSpan RpcTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The first wait before a reconnect; it doubles, with jitter, up to <see cref="MaxReconnectDelay"/>.</summary>
    public TimeSpan ReconnectDelay { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest wait between two tries; for the first minute of an outage it is one second.</summary>
    public TimeSpan MaxReconnectDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What the edge lists this connector's software as.</summary>
    public string Version { get; init; } = "tunnel-" + typeof(ConnectorOptions).Assembly.GetName().Version?.ToString(3);

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;
}
