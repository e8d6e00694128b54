using Tunnel.Protocol.Configuration;

namespace Tunnel.Core.Connector.Access;

/// <summary>The team domain that a rule's <c>teamName</c> stands for.</summary>
public static class TeamDomain
{
    private const string Suffix = ".cloudflareaccess.com";
    private const string FederalSuffix = ".fed.cloudflareaccess.com";

    /// <summary>
    /// The domain; null when the name can be none. cloudflared knows short names only; a name with a dot is here the whole
    /// domain, which an edge of one's own may have anywhere.
    /// </summary>
    public static string? Of(AccessRequirement requirement)
    {
        ArgumentNullException.ThrowIfNull(requirement);
        var name = requirement.TeamName.Trim().ToLowerInvariant();
        var domain = name.Contains('.', StringComparison.Ordinal) ? name
            : name + (requirement.Environment == "fed" ? FederalSuffix : Suffix);
        return name.Length > 0 && domain.Length <= 253 && Uri.CheckHostName(domain) == UriHostNameType.Dns ? domain : null;
    }

    /// <summary>What a rule calls a domain: short where cloudflared takes it, too.</summary>
    public static string ToTeamName(string domain)
    {
        ArgumentNullException.ThrowIfNull(domain);
        return domain.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase) && domain[..^Suffix.Length] is { Length: > 0 } name
            && !name.Contains('.', StringComparison.Ordinal) ? name : domain;
    }
}
