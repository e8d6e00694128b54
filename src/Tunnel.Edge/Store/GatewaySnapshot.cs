using Tunnel.Access;

namespace Tunnel.Edge.Store;

/// <summary>
/// All that the gateway and the tunnel listener need to decide, as of one revision. Immutable: take one for a request
/// and decide by it alone.
/// </summary>
public sealed class GatewaySnapshot
{
    /// <summary>The store's revision that this shows, or an earlier one (then the next look loads anew).</summary>
    public required long Revision { get; init; }

    /// <summary>The account.</summary>
    public required AccountRecord Account { get; init; }

    /// <summary>Its organisation.</summary>
    public required OrganizationRecord Organization { get; init; }

    /// <summary>Zones by name.</summary>
    public required IReadOnlyDictionary<string, ZoneRecord> Zones { get; init; }

    /// <summary>Routes by hostname (see <see cref="FindRoute"/> for wildcards).</summary>
    public required IReadOnlyDictionary<string, TunnelRoute> Routes { get; init; }

    /// <summary>Tunnels that are not deleted, by id, with their secrets.</summary>
    public required IReadOnlyDictionary<Guid, TunnelRecord> Tunnels { get; init; }

    /// <summary>The present configuration of each tunnel that ever had one put.</summary>
    public required IReadOnlyDictionary<Guid, TunnelConfigurationRecord> Configurations { get; init; }

    /// <summary>Every application of the account with its policies.</summary>
    public required IReadOnlyList<AccessApplicationRecord> Applications { get; init; }

    /// <summary>The same applications by audience tag.</summary>
    public required IReadOnlyDictionary<string, AccessApplicationRecord> ApplicationsByAud { get; init; }

    /// <summary>The Access groups that rules of policies name.</summary>
    public required AccessGroups Groups { get; init; }

    /// <summary>The lists that rules of policies and groups name.</summary>
    public required AccessLists Lists { get; init; }

    /// <summary>Service tokens by client id; see <see cref="ServiceTokenRecord.Accepts"/>.</summary>
    public required IReadOnlyDictionary<string, ServiceTokenRecord> ServiceTokens { get; init; }

    /// <summary>Where people may sign in, the oldest first; <c>allowed_idps</c> of an application narrows it.</summary>
    public required IReadOnlyList<IdentityProviderRecord> IdentityProviders { get; init; }

    /// <summary>The authorities whose client certificates are asked for, by hostname.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<AccessCertificateRecord>> Certificates { get; init; }

    /// <summary>
    /// The route of a hostname: its own record, else the wildcard record of the nearest parent name, as DNS does
    /// (RFC 4592). Null when nothing leads to a tunnel.
    /// </summary>
    public TunnelRoute? FindRoute(string hostname)
    {
        ArgumentNullException.ThrowIfNull(hostname);
        var name = hostname.TrimEnd('.').ToLowerInvariant();
        if (Routes.TryGetValue(name, out var route))
        {
            return route;
        }

        for (var dot = name.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = name.IndexOf('.', dot + 1))
        {
            if (Routes.TryGetValue(string.Concat("*", name.AsSpan(dot)), out route))
            {
                return route;
            }
        }

        return null;
    }
}
