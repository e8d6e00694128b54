using System.Globalization;

namespace Tunnel.Protocol.Configuration;

/// <summary>
/// Turns nodes into values, by the rules of Go's yaml.v3 or <c>encoding/json</c>, whichever wrote them; gathers warnings.
/// </summary>
internal sealed class ConfigValues(bool isJson)
{
    /// <summary>What <see cref="Members"/> calls a rule.</summary>
    internal const string RulePlace = "the rule";

    private const int MaxWarnings = 100;
    private static readonly TimeSpan MaxDuration = TimeSpan.FromDays(106_751);

    /// <summary>The ingress rule that is being read, from 1.</summary>
    internal int? Rule { get; set; }

    internal List<string> Warnings { get; } = [];

    internal ConfigurationException Bad(ConfigNode node, string problem) => new(problem, node.Line, Rule);

    internal void Warn(string text)
    {
        if (Warnings.Count < MaxWarnings)
        {
            Warnings.Add(text);
        }
    }

    /// <summary>
    /// The known members of a mapping, null ones left out. JSON names may have any case, and of equal ones the last
    /// counts. Unknown ones go to <paramref name="unknown"/>, or become warnings.
    /// </summary>
    internal IEnumerable<(string Name, ConfigNode Value)> Members(
        ConfigNode node,
        string what,
        IReadOnlyList<string> known,
        Action<string, ConfigNode>? unknown = null)
    {
        if (node is not ConfigMapping mapping)
        {
            throw Bad(node, $"{what} must hold names with values, not {node.What}.");
        }
        foreach (var (name, value) in mapping.Entries)
        {
            var match = known.FirstOrDefault(k => k == name);
            var similar = match ?? known.FirstOrDefault(k => string.Equals(k, name, StringComparison.OrdinalIgnoreCase));
            match ??= isJson ? similar : null;
            if (match is not null)
            {
                if (value is not ConfigScalar { Form: ConfigScalarForm.Null })
                {
                    yield return (match, value);
                }
            }
            else if (unknown is not null)
            {
                unknown(name, value);
            }
            else
            {
                var place = (what, Rule) switch
                {
                    (_, null) => what,
                    (RulePlace, _) => $"ingress rule {Rule}",
                    _ => $"{what} of ingress rule {Rule}",
                };
                var line = value.Line is { } l ? $"Line {l}: " : "";
                Warn($"{line}'{name}' in {place} is not known and is ignored."
                    + (similar is null ? "" : $" Did you mean '{similar}'? Case counts."));
            }
        }
    }

    internal string Text(ConfigNode node, string name) =>
        node is ConfigScalar { Form: ConfigScalarForm.YamlPlain or ConfigScalarForm.YamlQuoted or ConfigScalarForm.JsonString } scalar
            ? scalar.Text
            : throw Bad(node, $"'{name}' must be text, not {node.What}.");

    internal bool Boolean(ConfigNode node, string name) => node switch
    {
        ConfigScalar { Form: ConfigScalarForm.JsonBoolean, Text: var text } => text == "true",
        ConfigScalar { Form: ConfigScalarForm.YamlPlain, Text: "true" or "True" or "TRUE" } => true,
        ConfigScalar { Form: ConfigScalarForm.YamlPlain, Text: "false" or "False" or "FALSE" } => false,
        // What YAML 1.1 allowed; yaml.v3 takes these where a boolean is wanted.
        ConfigScalar { Form: ConfigScalarForm.YamlPlain or ConfigScalarForm.YamlQuoted, Text: var text } => text switch
        {
            "y" or "Y" or "yes" or "Yes" or "YES" or "on" or "On" or "ON" => true,
            "n" or "N" or "no" or "No" or "NO" or "off" or "Off" or "OFF" => false,
            _ => throw Bad(node, $"'{name}' must be true or false, not {node.What}."),
        },
        _ => throw Bad(node, $"'{name}' must be true or false, not {node.What}."),
    };

    internal ulong Number(ConfigNode node, string name, ulong max) =>
        node is ConfigScalar { Form: ConfigScalarForm.YamlPlain or ConfigScalarForm.JsonNumber } scalar
        && ulong.TryParse(scalar.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number <= max
            ? number
            : throw Bad(node, $"'{name}' must be a whole number from 0 to {max}, not {Shown(node)}.");

    /// <summary>YAML: as Go writes durations. JSON: seconds.</summary>
    internal TimeSpan Duration(ConfigNode node, string name, bool mayBeNegative = false)
    {
        TimeSpan? duration = node switch
        {
            ConfigScalar { Form: ConfigScalarForm.JsonNumber } number => Seconds(number.Text),
            ConfigScalar { Form: ConfigScalarForm.YamlPlain or ConfigScalarForm.YamlQuoted } scalar
                when GoDuration.TryParse(scalar.Text, out var parsed) => parsed,
            _ => null,
        };
        if (duration is not { } result)
        {
            throw Bad(node, isJson
                ? $"'{name}' must be a number of seconds, such as 30, not {Shown(node)}."
                : $"'{name}' must be a duration such as 30s, 1m30s or 500ms, not {Shown(node)}.");
        }
        return mayBeNegative || result >= TimeSpan.Zero ? result : throw Bad(node, $"'{name}' must not be negative.");
    }

    internal IReadOnlyList<ConfigNode> List(ConfigNode node, string name, int max)
    {
        if (node is not ConfigSequence sequence)
        {
            throw Bad(node, $"'{name}' must be a list, not {node.What}.");
        }
        return sequence.Items.Count <= max ? sequence.Items : throw Bad(node, $"'{name}' has more than {max} items.");
    }

    private static TimeSpan? Seconds(string text) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
        && Math.Abs(seconds) <= (decimal)MaxDuration.TotalSeconds
            ? new TimeSpan((long)(seconds * TimeSpan.TicksPerSecond))
            : null;

    private static string Shown(ConfigNode node) => node is ConfigScalar { Form: ConfigScalarForm.JsonNumber } scalar ? scalar.Text : node.What;
}
