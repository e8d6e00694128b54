using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tunnel.Edge.Api.Http;

/// <summary>
/// Reads the typed properties of a request's object. What is wrong is told by the resource's own kind of error. A
/// property that is null counts as not given.
/// </summary>
internal sealed class ApiDocument(JsonObject json, Func<string, ApiException> invalid)
{
    private const int MaxTextLength = 4096;

    public JsonObject Json { get; } = json;

    public bool Has(string name) => Json[name] is not null;

    public ApiException Invalid(string message) => invalid(message);

    /// <summary>Text without control characters, perhaps empty.</summary>
    public string? Text(string name)
    {
        if (Json[name] is not { } node)
        {
            return null;
        }

        if (node.GetValueKind() != JsonValueKind.String)
        {
            throw invalid($"{name} must be a string");
        }

        var text = node.GetValue<string>();
        return text.Length > MaxTextLength ? throw invalid($"{name} is longer than {MaxTextLength} characters")
            : text.Any(char.IsControl) ? throw invalid($"{name} holds a control character")
            : text;
    }

    public string RequiredText(string name) =>
        Text(name) is { } text && !string.IsNullOrWhiteSpace(text) ? text : throw invalid($"{name} is required");

    public bool? Bool(string name) => Json[name]?.GetValueKind() switch
    {
        null => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw invalid($"{name} must be true or false"),
    };

    public int? Int(string name) => Json[name] switch
    {
        null => null,
        JsonValue value when value.TryGetValue<int>(out var number) => number,
        _ => throw invalid($"{name} must be a whole number"),
    };

    public DateTimeOffset? Time(string name) => Json[name] switch
    {
        null => null,
        JsonValue value when value.TryGetValue<DateTimeOffset>(out var time) => time.ToUniversalTime(),
        _ => throw invalid($"{name} must be a time as in RFC 3339"),
    };

    public JsonObject? Object(string name) => Json[name] switch
    {
        null => null,
        JsonObject value => value,
        _ => throw invalid($"{name} must be an object"),
    };

    public JsonArray? Array(string name) => Json[name] switch
    {
        null => null,
        JsonArray value => value,
        _ => throw invalid($"{name} must be an array"),
    };

    /// <summary>An array of text.</summary>
    public IReadOnlyList<string>? Texts(string name) => Array(name) is not { } array
        ? null
        : [.. array.Select(node => node?.GetValueKind() == JsonValueKind.String
            ? node.GetValue<string>()
            : throw invalid($"{name} must be an array of strings"))];
}
