using Tunnel.Protocol.Configuration;

namespace Tunnel.Core.Tunnels;

/// <summary>One rule of a tunnel's configuration: what is asked for, and where it goes.</summary>
public sealed record TunnelConfigurationRule
{
    /// <summary>Null: every hostname.</summary>
    public string? Hostname { get; init; }

    /// <summary>A regular expression for the path; null: every path.</summary>
    public string? Path { get; init; }

    /// <summary>Such as <c>ssh://localhost:22</c>, or <c>http_status:404</c>.</summary>
    public required string Service { get; init; }

    public override string ToString() => $"{Hostname ?? "*"}{Path} -> {Service}";

    internal static TunnelConfigurationRule From(IngressRule rule) => new()
    {
        Hostname = rule.Hostname, Path = rule.Path, Service = rule.Service.ToString(),
    };
}
