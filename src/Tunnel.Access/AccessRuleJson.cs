using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Tunnel.Access;

/// <summary>
/// The API's form of a rule: an object with one member, the selector's name, whose value is an object with the selector's
/// members, such as <c>{"email":{"email":"alice@example.com"}}</c>. A selector that is not known, or that has members
/// that are not known, becomes an <see cref="UnknownRule"/>.
/// </summary>
public static class AccessRuleJson
{
    /// <summary>Longest JSON text of one rule or one list of rules, in bytes.</summary>
    public const int MaxLength = 1 << 20;

    /// <summary>Most rules in a list.</summary>
    public const int MaxRules = 1000;

    private const int MaxDepth = 16;

    // No HTML is written: characters stay readable.
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads one rule from text.</summary>
    /// <exception cref="AccessRuleFormatException">Not a rule.</exception>
    public static AccessRule Parse(string json) => Guard(json, static document => FromElement(document.RootElement));

    /// <summary>Reads an array of rules from text; null counts as an empty one.</summary>
    /// <exception cref="AccessRuleFormatException">Not an array of rules, or too many.</exception>
    public static IReadOnlyList<AccessRule> ParseList(string json) => Guard(json, static document => ListFromElement(document.RootElement));

    /// <summary>Reads one rule from an element.</summary>
    /// <exception cref="AccessRuleFormatException">Not a rule.</exception>
    public static AccessRule FromElement(JsonElement element)
    {
        try
        {
            return ReadRule(element);
        }
        catch (InvalidOperationException e)
        {
            // Text whose escapes are no text, such as half of a surrogate pair.
            throw new AccessRuleFormatException("An Access rule holds text that is not valid.", e);
        }
    }

    /// <summary>Reads an array of rules from an element; null counts as an empty one.</summary>
    /// <exception cref="AccessRuleFormatException">Not an array of rules, or too many.</exception>
    public static IReadOnlyList<AccessRule> ListFromElement(JsonElement element)
    {
        if (element.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
        {
            return [];
        }
        if (element.ValueKind != JsonValueKind.Array)
        {
            throw new AccessRuleFormatException("Access rules are an array of objects.");
        }
        return element.GetArrayLength() <= MaxRules
            ? [.. element.EnumerateArray().Select(FromElement)]
            : throw new AccessRuleFormatException($"More than {MaxRules} Access rules in one list.");
    }

    /// <summary>Writes one rule.</summary>
    public static void Write(Utf8JsonWriter writer, AccessRule rule)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(rule);
        writer.WriteStartObject();
        writer.WritePropertyName(rule.Selector);
        if (rule is UnknownRule unknown)
        {
            writer.WriteRawValue(unknown.Json);
        }
        else
        {
            writer.WriteStartObject();
            var (member, value) = Member(rule);
            if (member is not null)
            {
                writer.WriteString(member, value);
            }
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
    }

    /// <summary>Writes an array of rules.</summary>
    public static void WriteList(Utf8JsonWriter writer, IEnumerable<AccessRule> rules)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(rules);
        writer.WriteStartArray();
        foreach (var rule in rules)
        {
            Write(writer, rule);
        }
        writer.WriteEndArray();
    }

    /// <summary>One rule as text.</summary>
    public static string ToJson(AccessRule rule) => ToText(writer => Write(writer, rule));

    /// <summary>An array of rules as text.</summary>
    public static string ToJson(IEnumerable<AccessRule> rules) => ToText(writer => WriteList(writer, rules));

    private static (string? Name, string? Value) Member(AccessRule rule) => rule switch
    {
        EmailRule email => ("email", email.Email),
        EmailDomainRule domain => ("domain", domain.Domain),
        IpRangeRule range => ("ip", IpRanges.Format(range.Range)),
        ServiceTokenRule token => ("token_id", token.TokenId),
        _ => (null, null),
    };

    private static AccessRule ReadRule(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object || element.GetPropertyCount() != 1)
        {
            throw new AccessRuleFormatException(
                """An Access rule is an object with one member, its selector, such as {"email":{"email":"alice@example.com"}}.""");
        }
        var selector = element.EnumerateObject().First();
        var value = selector.Value;
        return selector.Name switch
        {
            "everyone" when HasMembers(value) => new EveryoneRule(),
            "any_valid_service_token" when HasMembers(value) => new AnyValidServiceTokenRule(),
            "email" when HasMembers(value, "email") => Known(value, "email", AccessRuleText.Email),
            "email_domain" when HasMembers(value, "domain") => Known(value, "domain", AccessRuleText.EmailDomain),
            "ip" when HasMembers(value, "ip") => Known(value, "ip", AccessRuleText.IpRange),
            "service_token" when HasMembers(value, "token_id") => Known(value, "token_id", AccessRuleText.ServiceToken),
            _ => new UnknownRule(selector.Name, ToText(value.WriteTo)),
        };
    }

    private static bool HasMembers(JsonElement value, params ReadOnlySpan<string> names)
    {
        if (value.ValueKind != JsonValueKind.Object || value.GetPropertyCount() != names.Length)
        {
            return false;
        }
        foreach (var name in names)
        {
            if (!value.TryGetProperty(name, out _))
            {
                return false;
            }
        }
        return true;
    }

    private static AccessRule Known(JsonElement value, string member, Func<string, AccessRule?> read)
    {
        var element = value.GetProperty(member);
        var text = element.ValueKind == JsonValueKind.String ? element.GetString()! : "";
        return read(text) ?? throw new AccessRuleFormatException(
            $"'{AccessRuleText.Shorten(text)}' is not a valid '{member}' of an Access rule.");
    }

    private static T Guard<T>(string json, Func<JsonDocument, T> read)
    {
        ArgumentNullException.ThrowIfNull(json);
        if (json.Length > MaxLength)
        {
            throw new AccessRuleFormatException($"Access rules are longer than {MaxLength} characters.");
        }
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MaxDepth });
            return read(document);
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new AccessRuleFormatException("An Access rule is not valid JSON: " + e.Message, e);
        }
    }

    private static string ToText(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(128);
        using (var writer = new Utf8JsonWriter(buffer, Compact))
        {
            write(writer);
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
