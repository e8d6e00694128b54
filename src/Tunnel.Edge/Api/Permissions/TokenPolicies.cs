using System.Text.Json;
using System.Text.Json.Nodes;
using Tunnel.Edge.Api.Http;
using Tunnel.Edge.Api.Users;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Api.Permissions;

/// <summary>
/// What a token may do. Nothing, unless a policy allows it; a policy that denies it outweighs all that allow it.
/// </summary>
internal sealed class TokenPolicies(IReadOnlyList<TokenPolicy> policies)
{
    private const int MaxPolicies = 100;
    private const int MaxEntries = 400;

    public IReadOnlyList<TokenPolicy> Policies { get; } = policies;

    /// <summary>Every group, on everything that there is.</summary>
    public static TokenPolicies Everything(string userId) => new(
    [
        All(new ResourceName(ApiScope.User, userId)),
        All(new ResourceName(ApiScope.Account, null)),
        All(new ResourceName(ApiScope.Zone, null)),
    ]);

    /// <summary>What a token may do, by what the store keeps of it.</summary>
    public static TokenPolicies Of(ApiTokenRecord token, string userId) => token.IsAdministrator
        ? Everything(userId)
        : JsonNode.Parse(token.Policies) is JsonArray { Count: > 0 } policies
            ? new TokenPolicies(Read(policies, TokenErrors.Invalid))
            : new TokenPolicies([]);

    /// <summary>Reads the policies of a request's body, or of the store.</summary>
    /// <exception cref="ApiException">Something is not as Cloudflare's API has it.</exception>
    public static IReadOnlyList<TokenPolicy> Read(JsonArray json, Func<string, ApiException> invalid) => json.Count switch
    {
        0 => throw invalid("policies must not be empty"),
        > MaxPolicies => throw invalid($"there are more than {MaxPolicies} policies"),
        _ => [.. json.Select(node => ReadOne(node as JsonObject ?? throw invalid("policies must be an array of objects"), invalid))],
    };

    /// <summary>Whether one of the groups is allowed and not denied. No identifier: on all resources of the kind.</summary>
    public bool Permit(IEnumerable<string> groups, ApiScope scope, string? id, string accountId) => groups.Any(group =>
        Policies.Any(p => !p.IsDenial && p.Covers(group, scope, id, accountId))
        && !Policies.Any(p => p.IsDenial && p.Covers(group, scope, id, accountId)));

    public string ToText() => ToJson().ToJsonString();

    public JsonArray ToJson() => new([.. Policies.Select(p => p.ToJson())]);

    private static TokenPolicy All(ResourceName resource) => TokenPolicy.Allow(
        resource, [.. PermissionGroups.All.Where(g => g.Scope == resource.Scope).Select(g => g.Name)]);

    private static TokenPolicy ReadOne(JsonObject json, Func<string, ApiException> invalid)
    {
        var document = new ApiDocument(json, invalid);
        return new TokenPolicy
        {
            Id = document.Text("id") is { } id && Identifiers.IsHex32(id) ? id : Identifiers.NewHex32(),
            IsDenial = document.Text("effect") switch
            {
                "allow" => false,
                "deny" => true,
                _ => throw invalid("effect must be allow or deny"),
            },
            Groups = [.. ReadGroups(document)],
            Resources = [.. ReadResources(document.Object("resources") ?? throw invalid("resources is required"), invalid)],
        };
    }

    private static IEnumerable<PermissionGroup> ReadGroups(ApiDocument policy)
    {
        if (policy.Array("permission_groups") is not { Count: > 0 and <= MaxEntries } groups)
        {
            throw policy.Invalid("permission_groups must name at least one permission group");
        }

        foreach (var node in groups)
        {
            var group = new ApiDocument(
                node as JsonObject ?? throw policy.Invalid("permission_groups must be an array of objects"), policy.Invalid);
            var id = group.RequiredText("id");
            yield return PermissionGroups.Find(id) ?? throw policy.Invalid($"Permission group {id} does not exist");
        }
    }

    private static IEnumerable<(ResourceName Resource, ResourceName? Below)> ReadResources(
        JsonObject resources, Func<string, ApiException> invalid)
    {
        if (resources.Count is 0 or > MaxEntries)
        {
            throw invalid("resources must name at least one resource");
        }

        foreach (var (key, value) in resources)
        {
            var name = ReadName(key, invalid);
            if (value is JsonObject { Count: > 0 } nested && name.Scope == ApiScope.Account)
            {
                foreach (var (inner, innerValue) in nested)
                {
                    RequireAll(innerValue, inner, invalid);
                    yield return (ReadName(inner, invalid) is { Scope: ApiScope.Zone } zone
                        ? zone : throw invalid($"{inner} is not a zone: below an account there are only zones"), name);
                }
            }
            else
            {
                RequireAll(value, key, invalid);
                yield return (name, null);
            }
        }
    }

    private static ResourceName ReadName(string text, Func<string, ApiException> invalid) =>
        ResourceName.TryParse(text, out var name) ? name : throw invalid($"{text} is not a valid resource name");

    private static void RequireAll(JsonNode? value, string key, Func<string, ApiException> invalid)
    {
        if (value?.GetValueKind() != JsonValueKind.String || value.GetValue<string>() != "*")
        {
            throw invalid($"the value of {key} must be \"*\"");
        }
    }
}
