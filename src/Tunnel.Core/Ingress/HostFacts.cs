namespace Tunnel.Core.Ingress;

/// <summary>What a plan is made from: the host as it is now.</summary>
public sealed record HostFacts
{
    /// <summary>Sockets that others can reach, loopback left out.</summary>
    public IReadOnlyList<ListeningSocket> Listening { get; init; } = [];

    /// <summary>Open TCP connections, loopback left out.</summary>
    public IReadOnlyList<HostSession> Sessions { get; init; } = [];

    /// <summary>Local ports from here on are drawn for what this host asks; below are its services.</summary>
    public int FirstEphemeralPort { get; init; } = 32768;

    /// <summary>Interfaces that lead out: what enters by them is inbound, forwarded or not.</summary>
    public IReadOnlyList<string> Uplinks { get; init; } = [];

    /// <summary>Interfaces to containers and virtual machines of this host.</summary>
    public IReadOnlyList<string> InternalInterfaces { get; init; } = [];

    /// <summary>The session that carries the caller, when it comes straight over the network.</summary>
    public HostSession? Caller { get; init; }

    /// <summary>Other tools' rules, one line each, such as <c>table ip nat</c>.</summary>
    public IReadOnlyList<string> OtherTables { get; init; } = [];

    /// <summary>Rules of others that are asked before the lock's, or besides them, and may let in what it would not.</summary>
    public IReadOnlyList<string> EarlierRules { get; init; } = [];
}
