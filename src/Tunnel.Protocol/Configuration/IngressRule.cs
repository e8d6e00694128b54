namespace Tunnel.Protocol.Configuration;

/// <summary>One ingress rule.</summary>
/// <param name="Hostname">The hostname, <c>*.example.com</c> for all below one, null, empty or <c>*</c> for all.</param>
/// <param name="Path">A regular expression for the request's path, searched for anywhere in it; null or empty for all paths.</param>
/// <param name="Service">Where requests go.</param>
/// <param name="OriginRequest">How to speak to the origin, with everything inherited filled in.</param>
public sealed record IngressRule(string? Hostname, string? Path, OriginService Service, OriginRequest OriginRequest)
{
    /// <summary>A rule with cloudflared's default settings.</summary>
    public IngressRule(string? hostname, string? path, OriginService service)
        : this(hostname, path, service, OriginRequest.Default)
    {
    }

    public string? Hostname { get; init; } = string.IsNullOrEmpty(Hostname) ? null : Hostname;

    public string? Path { get; init; } = string.IsNullOrEmpty(Path) ? null : Path;

    /// <summary>Whether the rule matches every request.</summary>
    public bool IsCatchAll => Hostname is null or "" or "*" && string.IsNullOrEmpty(Path);
}
