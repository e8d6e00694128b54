using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Tunnel.Protocol.Configuration;

/// <summary>Writes a configuration as a config.yml.</summary>
internal sealed class YamlConfigWriter
{
    private readonly Emitter _emitter;

    private YamlConfigWriter(TextWriter writer) => _emitter = new Emitter(writer, new EmitterSettings().WithBestWidth(int.MaxValue));

    internal static string Write(TunnelConfiguration configuration)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        new YamlConfigWriter(text).WriteDocument(configuration);
        return text.ToString();
    }

    private void WriteDocument(TunnelConfiguration configuration)
    {
        _emitter.Emit(new StreamStart());
        _emitter.Emit(new DocumentStart(null, null, isImplicit: true));
        StartMapping();
        WriteText("tunnel", configuration.Tunnel);
        WriteText("credentials-file", configuration.CredentialsFile);
        foreach (var (name, node) in configuration.Settings.Entries)
        {
            Text(name);
            WriteNode(node);
        }
        WriteMembers("originRequest", OriginRequestDifference.Of(configuration.OriginRequest, OriginRequest.Default));
        if (configuration.Ingress.Count > 0)
        {
            Text("ingress");
            StartSequence();
            foreach (var rule in configuration.Ingress)
            {
                WriteRule(rule, configuration.OriginRequest);
            }
            _emitter.Emit(new SequenceEnd());
        }
        WriteMembers("warp-routing", OriginRequestDifference.Of(configuration.WarpRouting));
        _emitter.Emit(new MappingEnd());
        _emitter.Emit(new DocumentEnd(isImplicit: true));
        _emitter.Emit(new StreamEnd());
    }

    private void WriteRule(IngressRule rule, OriginRequest inherited)
    {
        StartMapping();
        WriteText("hostname", rule.Hostname);
        WriteText("path", rule.Path);
        WriteText("service", rule.Service.ToString());
        WriteMembers("originRequest", OriginRequestDifference.Of(rule.OriginRequest, inherited));
        _emitter.Emit(new MappingEnd());
    }

    private void WriteText(string name, string? text)
    {
        if (text is not null)
        {
            Text(name);
            Text(text);
        }
    }

    private void WriteMembers(string name, IEnumerable<(string Name, object Value)> members)
    {
        if (members.Any())
        {
            Text(name);
            WriteMembers(members);
        }
    }

    private void WriteMembers(IEnumerable<(string Name, object Value)> members)
    {
        StartMapping();
        foreach (var (name, value) in members)
        {
            Text(name);
            WriteValue(value);
        }
        _emitter.Emit(new MappingEnd());
    }

    private void WriteValue(object value)
    {
        switch (value)
        {
            case TimeSpan duration:
                Plain(GoDuration.Format(duration));
                break;
            case bool flag:
                Plain(flag ? "true" : "false");
                break;
            case int or ulong:
                Plain(string.Create(CultureInfo.InvariantCulture, $"{value}"));
                break;
            case string text:
                Text(text);
                break;
            case AccessRequirement access:
                WriteMembers(OriginRequestDifference.Members(access));
                break;
            case IngressIpRule rule:
                WriteMembers(OriginRequestDifference.Members(rule));
                break;
            case IEnumerable<object> items:
                WriteSequence(items);
                break;
            case IEnumerable<int> numbers:
                WriteSequence(numbers.Cast<object>());
                break;
            default:
                throw new ArgumentException($"{value.GetType()} is not a value of a configuration.", nameof(value));
        }
    }

    private void WriteSequence(IEnumerable<object> items)
    {
        StartSequence();
        foreach (var item in items)
        {
            WriteValue(item);
        }
        _emitter.Emit(new SequenceEnd());
    }

    private void WriteNode(ConfigNode node)
    {
        switch (node)
        {
            case ConfigScalar { Form: ConfigScalarForm.YamlPlain or ConfigScalarForm.JsonNumber or ConfigScalarForm.JsonBoolean } scalar:
                Plain(scalar.Text);
                break;
            case ConfigScalar { Form: ConfigScalarForm.Null }:
                Plain("null");
                break;
            case ConfigScalar scalar:
                Quoted(scalar.Text);
                break;
            case ConfigSequence sequence:
                StartSequence();
                foreach (var item in sequence.Items)
                {
                    WriteNode(item);
                }
                _emitter.Emit(new SequenceEnd());
                break;
            case ConfigMapping mapping:
                StartMapping();
                foreach (var (name, value) in mapping.Entries)
                {
                    Text(name);
                    WriteNode(value);
                }
                _emitter.Emit(new MappingEnd());
                break;
        }
    }

    private void StartMapping() => _emitter.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, true, MappingStyle.Block));

    private void StartSequence() => _emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, true, SequenceStyle.Block));

    private void Plain(string text) => Emit(text, ScalarStyle.Plain);

    private void Quoted(string text) => Emit(text, ScalarStyle.DoubleQuoted);

    /// <summary>Text without quotes where no reader could take it for anything else.</summary>
    private void Text(string text) => Emit(text, IsPlainText(text) ? ScalarStyle.Plain : ScalarStyle.DoubleQuoted);

    private void Emit(string text, ScalarStyle style) =>
        _emitter.Emit(new Scalar(AnchorName.Empty, TagName.Empty, text, style, isPlainImplicit: true, isQuotedImplicit: true));

    private static bool IsPlainText(string text) =>
        text.Length is > 0 and <= 200
        && char.IsAsciiLetter(text[0])
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/' or ':' or '\\')
        && text[^1] != ':'
        && text.ToLowerInvariant() is not ("null" or "true" or "false" or "yes" or "no" or "on" or "off" or "y" or "n");
}
