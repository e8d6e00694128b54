using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Tunnel.Access;

/// <summary>
/// The API's form of a rule: an object with one member, the selector's name, whose value is an object with the selector's
/// members, such as <c>{"email":{"email":"alice@example.com"}}</c>. A selector that is not known, or that lacks members or
/// has some that are not known, becomes an <see cref="UnknownRule"/>: what they would mean is not known either.
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
    /// <exception cref="AccessRuleFormatException">Not a rule, or a value that its selector cannot have.</exception>
    public static AccessRule FromElement(JsonElement element) => Read(element, isLenient: false);

    /// <summary>
    /// Reads one rule that a control plane has accepted: a value that its selector cannot have, as far as is known here,
    /// makes an <see cref="UnknownRule"/>.
    /// </summary>
    /// <exception cref="AccessRuleFormatException">Not a rule.</exception>
    public static AccessRule FromAccepted(JsonElement element) => Read(element, isLenient: true);

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

    /// <summary>Checks the values of a rule that was not read.</summary>
    /// <exception cref="AccessRuleFormatException">A value that its selector cannot have.</exception>
    public static void Check(AccessRule rule) => Parse(ToJson(rule));

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
            rule.WriteMembers(writer);
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

    private static AccessRule Read(JsonElement element, bool isLenient)
    {
        try
        {
            return ReadRule(element, isLenient);
        }
        catch (InvalidOperationException e)
        {
            // Text whose escapes are no text, such as half of a surrogate pair.
            throw new AccessRuleFormatException("An Access rule holds text that is not valid.", e);
        }
    }

    private static AccessRule ReadRule(JsonElement element, bool isLenient)
    {
        if (element.ValueKind != JsonValueKind.Object || element.GetPropertyCount() != 1)
        {
            throw new AccessRuleFormatException(
                """An Access rule is an object with one member, its selector, such as {"email":{"email":"alice@example.com"}}.""");
        }
        var selector = element.EnumerateObject().First();
        var members = new SelectorMembers(selector.Value);
        if (Selectors.Find(selector.Name) is not { } form || !members.Fit(form))
        {
            return new UnknownRule(selector.Name, ToText(selector.Value.WriteTo));
        }
        try
        {
            return form.Read(members) ?? throw SelectorMembers.Invalid(
                form.Required is [var member] ? member : selector.Name, Values(members, form));
        }
        catch (AccessRuleFormatException) when (isLenient)
        {
            return new UnknownRule(selector.Name, ToText(selector.Value.WriteTo));
        }
    }

    private static string Values(SelectorMembers members, SelectorForm form) =>
        string.Join(", ", form.Required.Select(name => members[name]));

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
