using Tunnel.Core.Api;
using Tunnel.Protocol.Configuration;
using Tunnel.Protocol.Credentials;

namespace Tunnel.Core.Tunnels;

/// <summary>What a start would do, found out without changing anything.</summary>
public sealed class SshTunnelPlan
{
    internal SshTunnelPlan(
        OriginService service, AccessRequirement requirement, int connections, TunnelCredentials? credentials, HostnameRoute route)
    {
        Requirement = requirement;
        Service = service;
        Connections = connections;
        Credentials = credentials;
        Route = route;
    }

    public required string Hostname { get; init; }

    /// <summary>The origin, in its canonical form.</summary>
    public string Url => Service.ToString();

    /// <summary>The tunnel's name.</summary>
    public required string Name { get; init; }

    public required Zone Zone { get; init; }

    /// <summary>The application that covers the hostname; null if none does and that was allowed.</summary>
    public required AccessApplication? Application { get; init; }

    /// <summary>The tunnel of that name; null if it is to be created.</summary>
    public required TunnelInfo? ExistingTunnel { get; init; }

    /// <summary>What would be done, one line each.</summary>
    public required IReadOnlyList<string> Steps { get; init; }

    /// <summary>What a person should know before, one line each.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    internal OriginService Service { get; }

    /// <summary>What the connector asks of each stream.</summary>
    internal AccessRequirement Requirement { get; }

    internal int Connections { get; }

    /// <summary>The credentials on this machine; null if they have to be made or fetched.</summary>
    internal TunnelCredentials? Credentials { get; }

    internal HostnameRoute Route { get; }
}
