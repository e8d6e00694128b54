namespace Tunnel.Protocol.Configuration;

/// <summary>
/// How a connector speaks to an origin: <c>originRequest</c>, with everything filled in. A rule's settings have
/// inherited from those at the top of the configuration, and those from cloudflared's defaults, which are the values of a
/// new object (cloudflared <c>ingress/config.go</c>).
/// </summary>
public sealed record OriginRequest
{
    /// <summary>cloudflared's defaults.</summary>
    public static OriginRequest Default { get; } = new();

    /// <summary>Limit for connecting to the origin; zero for none.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Limit for the TLS handshake with the origin; zero for none.</summary>
    public TimeSpan TlsTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Interval of TCP keep-alive; zero for the system's own, negative to switch it off.</summary>
    public TimeSpan TcpKeepAlive { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Do not try IPv4 beside IPv6.</summary>
    public bool NoHappyEyeballs { get; init; }

    /// <summary>Most idle connections kept open to an origin.</summary>
    public int KeepAliveConnections { get; init; } = 100;

    /// <summary>How long an idle connection is kept open.</summary>
    public TimeSpan KeepAliveTimeout { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>The Host header for the origin; empty to pass on the visitor's.</summary>
    public string HttpHostHeader { get; init; } = "";

    /// <summary>The name that the origin's certificate must have; empty for the name in the service.</summary>
    public string OriginServerName { get; init; } = "";

    /// <summary>Send the Host header's name as TLS server name.</summary>
    public bool MatchSniToHost { get; init; }

    /// <summary>Path of a file of certificate authorities for the origin; empty for the system's.</summary>
    public string CaPool { get; init; } = "";

    /// <summary>Take any certificate of the origin.</summary>
    public bool NoTlsVerify { get; init; }

    /// <summary>Do not use chunked transfer encoding.</summary>
    public bool DisableChunkedEncoding { get; init; }

    /// <summary>Run as a jump host.</summary>
    public bool BastionMode { get; init; }

    /// <summary>Where a proxy listens.</summary>
    public string ProxyAddress { get; init; } = "127.0.0.1";

    /// <summary>The port on which a proxy listens; 0 for any.</summary>
    public int ProxyPort { get; init; }

    /// <summary><c>socks</c> to speak SOCKS5 to the visitor; empty otherwise.</summary>
    public string ProxyType { get; init; } = "";

    /// <summary>Which destinations a SOCKS proxy may reach; none when empty.</summary>
    public IReadOnlyList<IngressIpRule> IpRules { get; init => field = ValueList<IngressIpRule>.From(value); } = ValueList<IngressIpRule>.From([]);

    /// <summary>Speak HTTP/2 to the origin.</summary>
    public bool Http2Origin { get; init; }

    /// <summary>
    /// Whether the connector itself asks for an Access token. Ours holds for every rule that inherits it; cloudflared
    /// enforces only what stands at the rule itself. What the machine's own configuration requires goes on to hold when the edge
    /// sends another.
    /// </summary>
    public AccessRequirement Access { get; init; } = AccessRequirement.None;
}
