namespace Tunnel.Benchmarks.Lab;

/// <summary>What is compared: a column of the table.</summary>
internal enum SubjectKind
{
    /// <summary>A TCP connection, or ssh, straight to the service: what the machine can do at most.</summary>
    Direct,

    Agent,

    Cloudflared,
}
