using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Tunnel.Protocol.Credentials;

/// <summary>
/// A flat JSON object, read as Go's <c>encoding/json</c> reads into a struct: names in any case, the last of equal names
/// counts, null counts as absent, unknown names are ignored. Written with Go's names and no white space.
/// </summary>
internal sealed class CredentialJson
{
    /// <summary>Credentials are some hundred bytes; whatever is longer is something else.</summary>
    internal const int MaxLength = 64 * 1024;

    private readonly Dictionary<string, string> _strings = new(StringComparer.OrdinalIgnoreCase);
    private readonly string _what;

    private CredentialJson(string what) => _what = what;

    /// <exception cref="CredentialFormatException">Not a JSON object. The exception names <paramref name="what"/>.</exception>
    internal static CredentialJson Read(ReadOnlySpan<byte> json, string what, string advice)
    {
        if (json.Length > MaxLength)
        {
            throw new CredentialFormatException($"{what} is longer than {MaxLength} bytes. {advice}");
        }
        ReadOnlySpan<byte> byteOrderMark = [0xEF, 0xBB, 0xBF];
        if (json.StartsWith(byteOrderMark))
        {
            json = json[3..];
        }
        var result = new CredentialJson(what);
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 16 });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                throw new CredentialFormatException($"{what} is not a JSON object. {advice}");
            }
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetString()!;
                reader.Read();
                if (reader.TokenType == JsonTokenType.String)
                {
                    result._strings[name] = reader.GetString()!;
                }
                else
                {
                    reader.Skip();
                }
            }
            if (reader.Read())
            {
                throw new CredentialFormatException($"{what} has text behind its JSON object. {advice}");
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The reader's own exception quotes the text, which may be a secret: it is not passed on.
            throw new CredentialFormatException($"{what} is not valid JSON. {advice}");
        }
        return result;
    }

    internal string? Optional(string name) => _strings.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    internal string Required(string name, string advice) =>
        Optional(name) ?? throw new CredentialFormatException($"{_what} has no '{name}'. {advice}");

    internal byte[] RequiredBytes(string name, string advice)
    {
        try
        {
            var bytes = Convert.FromBase64String(Required(name, advice));
            return bytes.Length > 0 ? bytes : throw new CredentialFormatException($"{_what} has an empty '{name}'. {advice}");
        }
        catch (FormatException e) when (e is not CredentialFormatException)
        {
            throw new CredentialFormatException($"{_what} has a '{name}' that is not base64. {advice}");
        }
    }

    internal Guid RequiredGuid(string name, string advice)
    {
        // The forms that Go's uuid package takes.
        var text = Required(name, advice).AsSpan();
        if (text.StartsWith("urn:uuid:", StringComparison.OrdinalIgnoreCase))
        {
            text = text[9..];
        }
        return Guid.TryParseExact(text, "D", out var id) || Guid.TryParseExact(text, "N", out id) || Guid.TryParseExact(text, "B", out id)
            ? id
            : throw new CredentialFormatException($"{_what} has a '{name}' that is not a UUID. {advice}");
    }

    internal static byte[] Write(params ReadOnlySpan<KeyValuePair<string, string?>> members)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        // Relaxed: '+' of base64 stays as it is, as Go writes it.
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in members)
            {
                if (value is not null)
                {
                    writer.WriteString(name, value);
                }
            }
            writer.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }
}
