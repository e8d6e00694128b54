using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Tunnel.Protocol.Configuration;

/// <summary>
/// Reads YAML into nodes, within bounds, as Go's yaml.v3 does: aliases, merge keys (<c>&lt;&lt;</c>), no key twice, the
/// first document. Works on the parser's events, so that nothing is built before it has been counted.
/// </summary>
internal sealed class YamlConfigReader
{
    private readonly Parser _parser;
    private readonly Dictionary<AnchorName, ConfigNode> _anchors = [];
    private int _nodes;

    private YamlConfigReader(string text) => _parser = new Parser(new StringReader(text));

    /// <summary>The root of the document; null when the text holds none.</summary>
    /// <exception cref="ConfigurationException">Not YAML, more than one document, or beyond the bounds.</exception>
    internal static ConfigNode? Read(string text)
    {
        try
        {
            return new YamlConfigReader(text).ReadDocument();
        }
        catch (YamlException e)
        {
            throw new ConfigurationException($"The configuration is not valid YAML: {e.Message}", (int)e.Start.Line, null);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or IndexOutOfRangeException or FormatException or OverflowException)
        {
            // The scanner lets some of its own slips through on text that is no YAML at all.
            throw new ConfigurationException("The configuration is not valid YAML.", e);
        }
    }

    private ConfigNode? ReadDocument()
    {
        _parser.Consume<StreamStart>();
        if (_parser.TryConsume<StreamEnd>(out _))
        {
            return null;
        }
        _parser.Consume<DocumentStart>();
        var root = ReadNode(1);
        _parser.Consume<DocumentEnd>();
        return _parser.TryConsume<StreamEnd>(out _)
            ? root
            : throw Bad("The text holds more than one YAML document. Keep one, and remove the line '---' between them.");
    }

    private ConfigNode ReadNode(int depth)
    {
        if (depth > ConfigNode.MaxDepth)
        {
            throw Bad($"The configuration is nested deeper than {ConfigNode.MaxDepth} levels.");
        }
        if (_parser.TryConsume<AnchorAlias>(out var alias))
        {
            var target = _anchors.TryGetValue(alias.Value, out var known)
                ? known
                : throw Bad($"The alias '*{alias.Value}' stands for nothing that was defined before it.");
            Count(target.Size);
            return target;
        }
        Count(1);
        var line = Line;
        var (anchor, node) = _parser.Current switch
        {
            Scalar => ReadScalar(line),
            SequenceStart => ReadSequence(depth, line),
            MappingStart => ReadMapping(depth, line),
            _ => throw Bad("The configuration is not valid YAML."),
        };
        if (!anchor.IsEmpty)
        {
            _anchors[anchor] = node;
        }
        return node;
    }

    private (AnchorName, ConfigNode) ReadScalar(int line)
    {
        var scalar = _parser.Consume<Scalar>();
        var tag = scalar.Tag.IsEmpty ? "" : scalar.Tag.Value;
        var form = tag switch
        {
            "" when scalar.Style == ScalarStyle.Plain => IsNull(scalar.Value) ? ConfigScalarForm.Null : ConfigScalarForm.YamlPlain,
            "" or "!" or "tag:yaml.org,2002:str" => ConfigScalarForm.YamlQuoted,
            "tag:yaml.org,2002:null" => ConfigScalarForm.Null,
            "tag:yaml.org,2002:bool" or "tag:yaml.org,2002:int" or "tag:yaml.org,2002:float" => ConfigScalarForm.YamlPlain,
            _ => throw new ConfigurationException($"The tag '{tag}' is not known here. Remove it.", line, null),
        };
        return (scalar.Anchor, new ConfigScalar(form == ConfigScalarForm.Null ? "" : scalar.Value, form, line));
    }

    private (AnchorName, ConfigNode) ReadSequence(int depth, int line)
    {
        var start = _parser.Consume<SequenceStart>();
        var items = new List<ConfigNode>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(ReadNode(depth + 1));
        }
        return (start.Anchor, new ConfigSequence(items, line));
    }

    private (AnchorName, ConfigNode) ReadMapping(int depth, int line)
    {
        var start = _parser.Consume<MappingStart>();
        var entries = new List<KeyValuePair<string, ConfigNode>>();
        var keys = new HashSet<string>(StringComparer.Ordinal);
        var merged = new List<ConfigNode>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var keyLine = Line;
            if (ReadNode(depth + 1) is not ConfigScalar key)
            {
                throw new ConfigurationException("A key must be a single word.", keyLine, null);
            }
            var value = ReadNode(depth + 1);
            if (key is { Text: "<<", Form: ConfigScalarForm.YamlPlain })
            {
                merged.Add(value);
            }
            else if (keys.Add(key.Text))
            {
                entries.Add(new(key.Text, value));
            }
            else
            {
                throw new ConfigurationException($"The key '{key.Text}' stands here a second time. Remove one.", keyLine, null);
            }
        }
        foreach (var entry in merged.SelectMany(m => MergedEntries(m, line)))
        {
            if (keys.Add(entry.Key))
            {
                Count(1 + entry.Value.Size);
                entries.Add(entry);
            }
        }
        return (start.Anchor, new ConfigMapping(entries, line));
    }

    private static IEnumerable<KeyValuePair<string, ConfigNode>> MergedEntries(ConfigNode node, int line) => node switch
    {
        ConfigMapping mapping => mapping.Entries,
        ConfigSequence sequence when sequence.Items.All(i => i is ConfigMapping) =>
            sequence.Items.SelectMany(i => ((ConfigMapping)i).Entries),
        _ => throw new ConfigurationException("'<<' takes a mapping or a list of mappings.", line, null),
    };

    private void Count(int nodes)
    {
        _nodes += nodes;
        if (_nodes > ConfigNode.MaxNodes)
        {
            throw Bad($"The configuration holds more than {ConfigNode.MaxNodes} values, aliases counted as often as they are used.");
        }
    }

    private int Line => (int)(_parser.Current?.Start.Line ?? 0);

    private static bool IsNull(string text) => text is "" or "~" or "null" or "Null" or "NULL";

    private ConfigurationException Bad(string problem) => new(problem, Line, null);
}
