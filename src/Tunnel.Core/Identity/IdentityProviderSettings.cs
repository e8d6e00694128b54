using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tunnel.Core.Identity;

/// <summary>Settings of an identity provider that have no property of their own, from what people write.</summary>
public static class IdentityProviderSettings
{
    /// <summary>Takes text, true and false, whole numbers and lists of text, by the API's names.</summary>
    /// <exception cref="ArgumentException">A value is of another kind, or a secret is among them.</exception>
    public static IDictionary<string, JsonElement> Read(IEnumerable<KeyValuePair<string, object?>> settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var values = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach ((string name, object? value) in settings)
        {
            if (name == "client_secret")
            {
                throw new ArgumentException("The client secret is no setting: give it apart, as a secure string.", nameof(settings));
            }

            JsonNode node = value switch
            {
                string text => JsonValue.Create(text),
                bool isOn => JsonValue.Create(isOn),
                int number => JsonValue.Create(number),
                IEnumerable items => new JsonArray([.. items.Cast<object?>().Select(i => (JsonNode?)JsonValue.Create(i?.ToString()))]),
                _ => throw new ArgumentException($"The setting '{name}' must be text, true or false, a whole number, or a list of text.", nameof(settings)),
            };
            using JsonDocument document = JsonDocument.Parse(node.ToJsonString());
            values[name] = document.RootElement.Clone();
        }

        return values;
    }
}
