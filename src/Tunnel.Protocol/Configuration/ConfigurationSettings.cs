using System.Diagnostics.CodeAnalysis;

namespace Tunnel.Protocol.Configuration;

/// <summary>
/// The keys at the top of a config.yml that stand for command line options (<c>protocol</c>, <c>loglevel</c>,
/// <c>no-autoupdate</c>, <c>url</c>, ...), as they were written. They may hold secrets (<c>token</c>), so
/// <see cref="ToString"/> shows only names.
/// </summary>
public sealed class ConfigurationSettings : IEquatable<ConfigurationSettings>
{
    private readonly KeyValuePair<string, ConfigNode>[] _entries;

    internal ConfigurationSettings(IEnumerable<KeyValuePair<string, ConfigNode>> entries) => _entries = [.. entries];

    /// <summary>No settings.</summary>
    public static ConfigurationSettings Empty { get; } = new([]);

    /// <summary>The names, in the order of the file.</summary>
    public IEnumerable<string> Names => _entries.Select(e => e.Key);

    internal IReadOnlyList<KeyValuePair<string, ConfigNode>> Entries => _entries;

    /// <summary>The text of a setting with one value. False if there is none, or it is a list or a mapping.</summary>
    public bool TryGetText(string name, [NotNullWhen(true)] out string? text)
    {
        text = Find(name) is ConfigScalar { Form: not ConfigScalarForm.Null } scalar ? scalar.Text : null;
        return text is not null;
    }

    /// <summary>The texts of a setting that is a list, or of one value. Empty if there is none.</summary>
    public IReadOnlyList<string> GetTexts(string name) => Find(name) switch
    {
        ConfigScalar { Form: not ConfigScalarForm.Null } scalar => [scalar.Text],
        ConfigSequence sequence => [.. sequence.Items.OfType<ConfigScalar>().Select(s => s.Text)],
        _ => [],
    };

    /// <summary>These settings with one more, or another value for one.</summary>
    public ConfigurationSettings With(string name, string text)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(text);
        var entry = new KeyValuePair<string, ConfigNode>(name, new ConfigScalar(text, ConfigScalarForm.YamlQuoted, null));
        return new(Find(name) is null ? [.. _entries, entry] : _entries.Select(e => e.Key == name ? entry : e));
    }

    public bool Equals(ConfigurationSettings? other) => other is not null && _entries.AsSpan().SequenceEqual(other._entries);

    public override bool Equals(object? obj) => Equals(obj as ConfigurationSettings);

    public override int GetHashCode() => _entries.Length;

    public override string ToString() => string.Join(", ", Names);

    private ConfigNode? Find(string name) => _entries.FirstOrDefault(e => e.Key == name).Value;
}
