using System.Text;
using System.Text.Json;

namespace Tunnel.Protocol.Configuration;

/// <summary>Reads JSON into nodes, within bounds.</summary>
internal static class JsonConfigReader
{
    /// <exception cref="ConfigurationException">Not JSON, or beyond the bounds.</exception>
    internal static ConfigNode Read(ReadOnlySpan<byte> json)
    {
        ReadOnlySpan<byte> byteOrderMark = [0xEF, 0xBB, 0xBF];
        var reader = new Utf8JsonReader(
            json.StartsWith(byteOrderMark) ? json[3..] : json,
            new JsonReaderOptions { MaxDepth = ConfigNode.MaxDepth });
        try
        {
            var nodes = 0;
            reader.Read();
            var root = ReadNode(ref reader, ref nodes);
            return !reader.Read() ? root : throw new ConfigurationException("There is text behind the configuration's JSON object.");
        }
        catch (JsonException e)
        {
            throw new ConfigurationException($"The configuration is not valid JSON: {e.Message}", e);
        }
        catch (InvalidOperationException e)
        {
            throw new ConfigurationException("The configuration holds text that is not valid Unicode.", e);
        }
    }

    private static ConfigNode ReadNode(ref Utf8JsonReader reader, ref int nodes)
    {
        if (++nodes > ConfigNode.MaxNodes)
        {
            throw new ConfigurationException($"The configuration holds more than {ConfigNode.MaxNodes} values.");
        }
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var entries = new List<KeyValuePair<string, ConfigNode>>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    nodes++;
                    var name = reader.GetString()!;
                    reader.Read();
                    entries.Add(new(name, ReadNode(ref reader, ref nodes)));
                }
                return new ConfigMapping(entries, null);
            case JsonTokenType.StartArray:
                var items = new List<ConfigNode>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    items.Add(ReadNode(ref reader, ref nodes));
                }
                return new ConfigSequence(items, null);
            case JsonTokenType.String:
                return new ConfigScalar(reader.GetString()!, ConfigScalarForm.JsonString, null);
            case JsonTokenType.Number:
                return new ConfigScalar(Encoding.UTF8.GetString(reader.ValueSpan), ConfigScalarForm.JsonNumber, null);
            case JsonTokenType.True or JsonTokenType.False:
                return new ConfigScalar(reader.TokenType == JsonTokenType.True ? "true" : "false", ConfigScalarForm.JsonBoolean, null);
            default:
                return new ConfigScalar("", ConfigScalarForm.Null, null);
        }
    }
}
