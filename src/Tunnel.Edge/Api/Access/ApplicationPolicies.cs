using System.Text.Json.Nodes;
using Tunnel.Edge.Api.Http;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Api.Access;

/// <summary>
/// An application's <c>policies</c> as POST and PUT send them: each entry is an id, an object with an id and perhaps a
/// precedence, or a whole policy. Entries without a precedence have that of their place.
/// </summary>
internal static class ApplicationPolicies
{
    /// <summary>Reads the whole list, which replaces the present one.</summary>
    /// <param name="body">What was sent.</param>
    /// <param name="present">The application as it is, whose own policies can be named by id.</param>
    /// <param name="reusable">Finds a reusable policy.</param>
    /// <param name="now">The time of the request.</param>
    public static IReadOnlyList<AccessPolicyRecord> Read(
        ApiDocument body, AccessApplicationRecord present, Func<Guid, AccessPolicyRecord?> reusable, DateTimeOffset now)
    {
        var policies = new List<AccessPolicyRecord>();
        foreach (var entry in body.Array("policies")!)
        {
            policies.Add(ReadOne(entry, body, present, reusable, now, position: policies.Count + 1));
        }

        return policies.DistinctBy(p => p.Precedence).Count() < policies.Count ? throw AccessErrors.PrecedenceTaken()
            : policies.DistinctBy(p => p.Id).Count() < policies.Count ? throw body.Invalid("a policy is named twice")
            : [.. policies.OrderBy(p => p.Precedence)];
    }

    private static AccessPolicyRecord ReadOne(
        JsonNode? entry, ApiDocument body, AccessApplicationRecord present, Func<Guid, AccessPolicyRecord?> reusable,
        DateTimeOffset now, int position)
    {
        var members = entry as JsonObject;
        var known = IdOf(entry) is { } id
            ? Find(id, present, reusable) ?? throw body.Invalid($"policy '{id}' is neither reusable nor one of the application's")
            : null;
        // A reusable policy is only linked: what else is told of it with the application is not its present to change.
        if (known is not null && (known.Reusable || members?.ContainsKey("decision") != true))
        {
            return known with { Precedence = Precedence(members, body) ?? position };
        }

        var (policy, precedence) = PolicyDocument.Read(
            new ApiDocument(members ?? throw body.Invalid("policies must be an array of policies or their ids"), body.Invalid),
            known?.Id ?? Guid.NewGuid(), present.Id, known?.CreatedAt ?? now, now);
        return policy with { Precedence = precedence ?? position };
    }

    private static AccessPolicyRecord? Find(
        string text, AccessApplicationRecord present, Func<Guid, AccessPolicyRecord?> reusable) =>
        !Guid.TryParse(text, out var id) ? null
            : present.PolicyRecords.FirstOrDefault(p => p.Id == id && !p.Reusable)
                ?? (reusable(id) is { } policy ? policy with { ApplicationId = present.Id } : null);

    // Cloudflare counts from 1; 0 is what clients with a default send for "none given".
    private static int? Precedence(JsonObject? members, ApiDocument body) =>
        members is null ? null : PolicyDocument.ReadPrecedence(new ApiDocument(members, body.Invalid));

    private static string? IdOf(JsonNode? entry)
    {
        var node = entry is JsonObject members ? members["id"] : entry;
        return node is JsonValue value && value.TryGetValue<string>(out var id) && id.Length > 0 ? id : null;
    }
}
