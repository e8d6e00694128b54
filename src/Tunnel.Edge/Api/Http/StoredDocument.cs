using System.Text.Json.Nodes;

namespace Tunnel.Edge.Api.Http;

/// <summary>
/// The JSON object that a client wrote, kept beside the typed columns: what the edge does not know is returned as it
/// came.
/// </summary>
internal static class StoredDocument
{
    /// <summary>The text to keep, without the properties that the edge gives out itself.</summary>
    public static string Keep(JsonObject document, params ReadOnlySpan<string> except)
    {
        var copy = (JsonObject)document.DeepClone();
        foreach (var name in except)
        {
            copy.Remove(name);
        }

        return copy.ToJsonString();
    }

    public static JsonObject Parse(string document) => (JsonObject)JsonNode.Parse(document)!;

    /// <summary>Adds to the edge's own properties what the client wrote beside them.</summary>
    public static JsonObject With(this JsonObject typed, string document)
    {
        var kept = Parse(document);
        foreach (var (name, value) in kept.ToArray())
        {
            if (!typed.ContainsKey(name))
            {
                kept.Remove(name);
                typed[name] = value;
            }
        }

        return typed;
    }

    /// <summary>Adds properties where neither the edge nor the client gave one.</summary>
    public static JsonObject WithDefaults(this JsonObject json, params ReadOnlySpan<(string Name, JsonNode? Value)> defaults)
    {
        foreach (var (name, value) in defaults)
        {
            json.TryAdd(name, value);
        }

        return json;
    }
}
