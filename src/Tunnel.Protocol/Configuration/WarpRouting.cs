namespace Tunnel.Protocol.Configuration;

/// <summary><c>warp-routing</c>: how a connector dials for private network routes (cloudflared <c>ingress/config.go</c>).</summary>
public sealed record WarpRouting
{
    /// <summary>cloudflared's defaults.</summary>
    public static WarpRouting Default { get; } = new();

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Most flows at a time; 0 for no limit.</summary>
    public ulong MaxActiveFlows { get; init; }

    /// <summary>Interval of TCP keep-alive; negative to switch it off.</summary>
    public TimeSpan TcpKeepAlive { get; init; } = TimeSpan.FromSeconds(30);
}
