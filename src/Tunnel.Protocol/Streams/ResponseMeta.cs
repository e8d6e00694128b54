using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace Tunnel.Protocol.Streams;

/// <summary>
/// Who made a response: the value of <see cref="StreamHeaders.ResponseMeta"/> (cloudflared <c>connection/header.go</c>).
/// </summary>
/// <param name="Source"><c>origin</c>, or <c>cloudflared</c> when the connector itself made an error response.</param>
/// <param name="IsFlowRateLimited">The connector refuses streams because it carries too many.</param>
public sealed record ResponseMeta(string Source, bool IsFlowRateLimited)
{
    /// <summary>The header value of a response that the origin made.</summary>
    public const string Origin = """{"src":"origin"}""";

    /// <summary>The header value of an error that the connector made.</summary>
    public const string Connector = """{"src":"cloudflared"}""";

    /// <summary>The header value of an error that the connector made because it sheds load.</summary>
    public const string FlowRateLimited = """{"src":"cloudflared","flow_rate_limited":true}""";

    private const int MaxLength = 4096;

    /// <summary>Whether the origin made the response.</summary>
    public bool IsFromOrigin => Source == "origin";

    /// <summary>Reads a header value; unknown members are ignored. False if it is not such a value.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ResponseMeta? meta)
    {
        meta = text switch
        {
            Origin => new ResponseMeta("origin", false),
            Connector => new ResponseMeta("cloudflared", false),
            FlowRateLimited => new ResponseMeta("cloudflared", true),
            null => null,
            { Length: > MaxLength } => null,
            _ => Read(text),
        };
        return meta is not null;
    }

    private static ResponseMeta? Read(string text)
    {
        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text));
            string? source = null;
            var limited = false;
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return null;
            }
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isSource = reader.ValueTextEquals("src");
                var isLimited = reader.ValueTextEquals("flow_rate_limited");
                reader.Read();
                if (isSource && reader.TokenType == JsonTokenType.String)
                {
                    source = reader.GetString();
                }
                else if (isLimited && reader.TokenType is (JsonTokenType.True or JsonTokenType.False))
                {
                    limited = reader.TokenType == JsonTokenType.True;
                }
                else
                {
                    reader.Skip();
                }
            }
            return source is not null && !reader.Read() ? new ResponseMeta(source, limited) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
