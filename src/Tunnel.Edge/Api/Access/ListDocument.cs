using System.Text.Json;
using System.Text.Json.Nodes;
using Tunnel.Access;
using Tunnel.Edge.Api.Http;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Api.Access;

/// <summary>A list and its entries as JSON, and what they may hold.</summary>
internal static class ListDocument
{
    private const int MaxNameLength = 255;
    private const int MaxDescriptionLength = 1024;
    private const int MaxValueLength = 2048;

    /// <summary>The types of the API. Rules of Access name lists of e-mail addresses and of IP addresses; others are kept.</summary>
    private static readonly string[] s_types =
        ["SERIAL", "URL", "DOMAIN", "EMAIL", "IP", "CATEGORY", "LOCATION", "DEVICE", "AAGUID"];

    public static bool IsType(string text) => s_types.Contains(text);

    public static string Type(ApiDocument body)
    {
        var type = body.RequiredText("type");
        return IsType(type) ? type : throw body.Invalid($"type must be one of {string.Join(", ", s_types)}");
    }

    public static string Name(ApiDocument body) => Bounded(body, "name", body.RequiredText("name"), MaxNameLength);

    public static string? Description(ApiDocument body) => Description(body, "description");

    /// <summary>The entries of a property, each once; none when it is not there.</summary>
    public static IReadOnlyList<AccessListItem> Items(ApiDocument body, string name, AccessListKind? kind, DateTimeOffset now)
    {
        var items = new List<AccessListItem>();
        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (var node in Elements(body, name))
        {
            var item = new ApiDocument(
                node as JsonObject ?? throw body.Invalid($"{name} must hold objects with a value"), body.Invalid);
            var value = item.RequiredText("value");
            CheckValue(body, kind, value);
            if (!keys.Add(AccessListItem.KeyOf(kind, value)))
            {
                throw body.Invalid($"item: '{Shown(value)}' error: it stands in {name} twice");
            }

            items.Add(new AccessListItem(value, Description(item, "description"), now));
        }

        return items;
    }

    /// <summary>Values that are to go.</summary>
    public static IReadOnlyList<string> Values(ApiDocument body, string name) =>
        [.. Elements(body, name).Select(node => node?.GetValueKind() == JsonValueKind.String && node.GetValue<string>() is var value
            && value.Length <= MaxValueLength ? value : throw body.Invalid($"{name} must hold values of entries"))];

    /// <summary>The list without its entries.</summary>
    public static JsonObject ToJson(AccessListRecord list) => new()
    {
        ["id"] = list.Id.ToString("D"),
        ["name"] = list.Name,
        ["description"] = list.Description,
        ["type"] = list.Type,
        ["count"] = list.Count,
        ["created_at"] = ApiTime.ToJson(list.CreatedAt),
        ["updated_at"] = ApiTime.ToJson(list.UpdatedAt),
    };

    public static JsonObject ToJson(AccessListItem item)
    {
        var json = new JsonObject { ["value"] = item.Value, ["created_at"] = ApiTime.ToJson(item.CreatedAt) };
        if (item.Description is { } description)
        {
            json["description"] = description;
        }

        return json;
    }

    private static JsonArray Elements(ApiDocument body, string name) =>
        body.Array(name) is not { } array ? []
        : array.Count <= AccessListTable.MaxItems ? array
        : throw body.Invalid($"{name} holds more than {AccessListTable.MaxItems} items");

    private static void CheckValue(ApiDocument body, AccessListKind? kind, string value)
    {
        if (value.Length > MaxValueLength || (kind is { } known && !AccessList.IsValue(known, value)))
        {
            throw body.Invalid($"item: '{Shown(value)}' error: " + kind switch
            {
                AccessListKind.Email => "invalid email address",
                AccessListKind.Ip => "invalid IP address or range",
                _ => $"longer than {MaxValueLength} characters",
            });
        }
    }

    private static string? Description(ApiDocument body, string name) =>
        body.Text(name) is { } text ? Bounded(body, name, text, MaxDescriptionLength) : null;

    private static string Bounded(ApiDocument body, string name, string text, int length) =>
        text.Length <= length ? text : throw body.Invalid($"{name} is longer than {length} characters");

    private static string Shown(string value) => value.Length <= 80 ? value : string.Concat(value.AsSpan(0, 77), "...");
}
