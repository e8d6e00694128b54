namespace Tunnel.Protocol.Configuration;

/// <summary>
/// <c>originRequest.access</c>: the connector itself lets through only requests that carry a valid Access token in
/// <c>Cf-Access-Jwt-Assertion</c>.
/// </summary>
public sealed record AccessRequirement
{
    /// <summary>No requirement.</summary>
    public static AccessRequirement None { get; } = new();

    /// <summary>Whether requests without a valid token are refused.</summary>
    public bool Required { get; init; }

    /// <summary>The organisation: keys come from <c>https://TEAM.cloudflareaccess.com</c>.</summary>
    public string TeamName { get; init; } = "";

    /// <summary>Tokens for one of these audiences are valid.</summary>
    public IReadOnlyList<string> AudienceTags { get; init => field = ValueList<string>.From(value); } = ValueList<string>.From([]);

    /// <summary>A special region such as <c>fed</c>; empty for the ordinary network.</summary>
    public string Environment { get; init; } = "";
}
