using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace Tunnel.Protocol.Tokens;

/// <summary>
/// The public keys of a team: the JSON Web Key Set (RFC 7517) at <c>/cdn-cgi/access/certs</c>. Only RSA keys of 2048 to
/// 8192 bits that have a key id and are not for another use or algorithm are taken; others are skipped.
/// </summary>
public sealed class AccessTokenKeys
{
    /// <summary>Longest JSON text, in bytes.</summary>
    public const int MaxLength = 256 * 1024;

    private const int MaxKeys = 100;

    private readonly Dictionary<string, RsaSecurityKey> _keys = new(StringComparer.Ordinal);

    /// <summary>Takes keys by their ids; only the public parts are kept.</summary>
    /// <exception cref="ArgumentException">A key that is not 2048 to 8192 bits, no id, or an id twice.</exception>
    public AccessTokenKeys(IEnumerable<KeyValuePair<string, RSAParameters>> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        foreach (var (id, key) in keys)
        {
            if (id.Length == 0 || !IsUsable(key) || !Add(id, key))
            {
                throw new ArgumentException("A key needs an id of its own and 2048 to 8192 bits.", nameof(keys));
            }
        }
    }

    private AccessTokenKeys()
    {
    }

    /// <summary>The ids of the keys.</summary>
    public IReadOnlyCollection<string> Ids => _keys.Keys;

    /// <summary>Reads a key set.</summary>
    /// <exception cref="FormatException">Not a key set, or an id stands twice.</exception>
    public static AccessTokenKeys Parse(ReadOnlySpan<byte> json)
    {
        if (json.Length > MaxLength)
        {
            throw new FormatException($"The key set is longer than {MaxLength} bytes.");
        }
        var result = new AccessTokenKeys();
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 16 });
            using var document = JsonDocument.ParseValue(ref reader);
            if (document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty("keys", out var keys)
                || keys.ValueKind != JsonValueKind.Array
                || keys.GetArrayLength() > MaxKeys)
            {
                throw new FormatException("The text is not a JSON Web Key Set.");
            }
            foreach (var key in keys.EnumerateArray())
            {
                if (TryReadKey(key, out var id, out var parameters) && !result.Add(id, parameters))
                {
                    throw new FormatException($"The key set has two keys with the id '{id}'.");
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new FormatException("The key set is not valid JSON.", e);
        }
        return result;
    }

    /// <summary>Writes a key set, as it is served at <c>/cdn-cgi/access/certs</c>.</summary>
    public byte[] ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("keys");
            foreach (var (id, key) in _keys)
            {
                writer.WriteStartObject();
                writer.WriteString("kid", id);
                writer.WriteString("kty", "RSA");
                writer.WriteString("alg", "RS256");
                writer.WriteString("use", "sig");
                writer.WriteString("e", Base64Url.EncodeToString(key.Parameters.Exponent));
                writer.WriteString("n", Base64Url.EncodeToString(key.Parameters.Modulus));
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    internal bool TryGet(string id, [NotNullWhen(true)] out RsaSecurityKey? key) => _keys.TryGetValue(id, out key);

    private static bool TryReadKey(JsonElement element, out string id, out RSAParameters key)
    {
        id = Text(element, "kid") ?? "";
        key = default;
        if (id.Length == 0
            || Text(element, "kty") != "RSA"
            || Text(element, "use") is not (null or "sig")
            || Text(element, "alg") is not (null or "RS256")
            || !TryDecode(Text(element, "n"), out var modulus)
            || !TryDecode(Text(element, "e"), out var exponent))
        {
            return false;
        }
        key = new RSAParameters { Modulus = modulus, Exponent = exponent };
        return IsUsable(key);
    }

    private bool Add(string id, RSAParameters key) => _keys.TryAdd(
        id,
        new RsaSecurityKey(new RSAParameters { Modulus = key.Modulus, Exponent = key.Exponent }) { KeyId = id });

    private static bool IsUsable(RSAParameters key) =>
        key.Modulus is { Length: >= 256 and <= 1024 } modulus && modulus[0] != 0 && (modulus[^1] & 1) == 1
        && key.Exponent is { Length: >= 1 and <= 4 } exponent && exponent[0] != 0 && (exponent[^1] & 1) == 1 && exponent is not [1];

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static bool TryDecode(string? text, out byte[] bytes)
    {
        bytes = [];
        if (text is null or { Length: > 2048 } || !Base64Url.IsValid(text))
        {
            return false;
        }
        bytes = Base64Url.DecodeFromChars(text);
        return true;
    }
}
