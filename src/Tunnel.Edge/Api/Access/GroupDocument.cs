using System.Text.Json.Nodes;
using Tunnel.Edge.Api.Http;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Api.Access;

/// <summary>A group as JSON, and the rules for its parts.</summary>
internal static class GroupDocument
{
    private static readonly string[] Owned = ["id", "uid", "name", "is_default", "created_at", "updated_at"];

    /// <summary>Reads a group as POST and PUT send it.</summary>
    /// <param name="body">What was sent.</param>
    /// <param name="present">What is there, for PUT; else an empty one with the new identifiers.</param>
    /// <param name="now">The time of the request.</param>
    public static AccessGroupRecord Read(ApiDocument body, AccessGroupRecord present, DateTimeOffset now)
    {
        RuleLists.Check(body);
        return present with
        {
            Name = body.RequiredText("name"),
            // A list of rules is what the API's own answers hold there: sent back, it says nothing.
            IsDefault = body.Json["is_default"] is JsonArray ? present.IsDefault : body.Bool("is_default") ?? present.IsDefault,
            Document = StoredDocument.Keep(body.Json, Owned),
            UpdatedAt = now,
        };
    }

    /// <summary>The group without <c>is_default</c>, which the API takes as true or false and does not tell so.</summary>
    public static JsonObject ToJson(AccessGroupRecord group) => new JsonObject
    {
        ["id"] = group.Id.ToString("D"),
        ["uid"] = group.Id.ToString("D"),
        ["name"] = group.Name,
        ["created_at"] = ApiTime.ToJson(group.CreatedAt),
        ["updated_at"] = ApiTime.ToJson(group.UpdatedAt),
    }.With(group.Document).WithDefaults(
        ("include", new JsonArray()), ("require", new JsonArray()), ("exclude", new JsonArray()));
}
