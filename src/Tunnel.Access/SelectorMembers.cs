using System.Text.Json;

namespace Tunnel.Access;

/// <summary>The members of one selector's object, each value checked where it is read.</summary>
internal readonly struct SelectorMembers(JsonElement value)
{
    /// <summary>Longest text in a rule: claims and addresses of endpoints are the longest that there are.</summary>
    public const int MaxTextLength = 2048;

    /// <summary>A text that must be there.</summary>
    /// <exception cref="AccessRuleFormatException">Not a text, empty, too long, or with control characters.</exception>
    public string this[string name] => Text(value.GetProperty(name), name);

    /// <summary>A text that may be left out.</summary>
    /// <exception cref="AccessRuleFormatException">As for the others.</exception>
    public string? Optional(string name) => value.TryGetProperty(name, out var member) ? Text(member, name) : null;

    /// <summary>A list with at least one text.</summary>
    /// <exception cref="AccessRuleFormatException">Not such a list, or too long.</exception>
    public string[] Texts(string name)
    {
        var member = value.GetProperty(name);
        return member.ValueKind == JsonValueKind.Array && member.GetArrayLength() is > 0 and <= 32
            ? [.. member.EnumerateArray().Select(item => Text(item, name))]
            : throw new AccessRuleFormatException($"'{name}' of an Access rule is an array of texts.");
    }

    /// <summary>Whether the object has all that the form requires and nothing that it does not know.</summary>
    public bool Fit(SelectorForm form)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return false;
        }
        var element = value;
        // A name that stands twice makes the count too high.
        return Array.TrueForAll(form.Required, name => element.TryGetProperty(name, out _))
            && element.GetPropertyCount()
                == form.Required.Length + form.Optional.Count(name => element.TryGetProperty(name, out _));
    }

    internal static AccessRuleFormatException Invalid(string name, string text) =>
        new($"'{AccessRuleText.Shorten(text)}' is not a valid '{name}' of an Access rule.");

    private static string Text(JsonElement member, string name)
    {
        var text = member.ValueKind == JsonValueKind.String ? member.GetString()! : "";
        return AccessRuleText.IsText(text) ? text : throw Invalid(name, text);
    }
}
