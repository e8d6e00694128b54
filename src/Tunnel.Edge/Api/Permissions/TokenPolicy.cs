using System.Text.Json.Nodes;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Api.Permissions;

/// <summary>One policy of a token: what it allows or denies, and on which resources.</summary>
internal sealed record TokenPolicy
{
    public required string Id { get; init; }

    public required bool IsDenial { get; init; }

    public required IReadOnlyList<PermissionGroup> Groups { get; init; }

    /// <summary>The resources, each with the account that it was written below, if it was.</summary>
    public required IReadOnlyList<(ResourceName Resource, ResourceName? Below)> Resources { get; init; }

    /// <summary>A policy that allows the groups of these names on one resource.</summary>
    public static TokenPolicy Allow(ResourceName resource, params ReadOnlySpan<string> groups) => new()
    {
        Id = Identifiers.NewHex32(),
        IsDenial = false,
        Groups = [.. groups.ToArray().Select(name => PermissionGroups.Named(name, resource.Scope))],
        Resources = [(resource, null)],
    };

    /// <summary>Whether the policy speaks of a group on a resource. An identifier that is null means all of the kind.</summary>
    public bool Covers(string group, ApiScope scope, string? id, string accountId) =>
        Groups.Any(g => g.Scope == scope && g.Name == group)
        && Resources.Any(r => r.Resource.Covers(scope, id) && (r.Below is not { } account || account.Covers(ApiScope.Account, accountId)));

    public JsonObject ToJson()
    {
        var resources = new JsonObject();
        foreach (var (resource, below) in Resources)
        {
            if (below is null)
            {
                resources[resource.ToString()] = "*";
            }
            else if (resources[below.ToString()!] is JsonObject nested)
            {
                nested[resource.ToString()] = "*";
            }
            else
            {
                resources[below.ToString()!] = new JsonObject { [resource.ToString()] = "*" };
            }
        }

        return new JsonObject
        {
            ["id"] = Id,
            ["effect"] = IsDenial ? "deny" : "allow",
            ["resources"] = resources,
            ["permission_groups"] = new JsonArray([.. Groups.Select(g => new JsonObject { ["id"] = g.Id, ["name"] = g.Name })]),
        };
    }
}
