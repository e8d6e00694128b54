using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tunnel.Access;

/// <summary>Reads and writes decisions by the API's names.</summary>
public sealed class AccessDecisionJsonConverter : JsonConverter<AccessDecision>
{
    /// <inheritdoc/>
    public override AccessDecision Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && AccessDecisions.TryParse(reader.GetString(), out var decision)
            ? decision
            : throw new JsonException("A decision is one of allow, deny, bypass, non_identity.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, AccessDecision value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(value.ToApiString());
    }
}
