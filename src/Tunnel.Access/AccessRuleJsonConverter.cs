using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tunnel.Access;

/// <summary>
/// Lets records that hold rules be read and written by System.Text.Json, source-generated or not. Reads as
/// <see cref="AccessRuleJson.FromAccepted"/> does.
/// </summary>
public sealed class AccessRuleJsonConverter : JsonConverter<AccessRule>
{
    /// <inheritdoc/>
    public override AccessRule Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        try
        {
            return AccessRuleJson.FromAccepted(document.RootElement);
        }
        catch (AccessRuleFormatException e)
        {
            throw new JsonException(e.Message, e);
        }
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, AccessRule value, JsonSerializerOptions options) =>
        AccessRuleJson.Write(writer, value);
}
