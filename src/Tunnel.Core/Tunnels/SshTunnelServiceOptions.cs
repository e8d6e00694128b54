using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Tunnel.Core.Connector;

namespace Tunnel.Core.Tunnels;

/// <summary>How tunnels of a session are run.</summary>
public sealed class SshTunnelServiceOptions
{
    /// <summary>cloudflared's own folder, <c>~/.cloudflared</c>.</summary>
    public static string DefaultDirectory => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cloudflared");

    /// <summary>Where credentials and configurations are kept; made with mode 0700 if it is not there.</summary>
    public string Directory { get; init; } = DefaultDirectory;

    /// <summary>How many connections to the edge a tunnel keeps, 1 to 255.</summary>
    public int Connections { get; init; } = 4;

    /// <summary>How long open streams may go on after a stop was asked for.</summary>
    public TimeSpan GracePeriod { get; init; } = TimeSpan.FromSeconds(30);

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>Makes the connectors: tests make ones that fail.</summary>
    internal Func<ConnectorOptions, TunnelConnector> CreateConnector { get; init; } = static options => new TunnelConnector(options);
}
