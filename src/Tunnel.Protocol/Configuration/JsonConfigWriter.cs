using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Tunnel.Protocol.Configuration;

/// <summary>Writes a configuration as cloudflared reports it (<c>orchestration/config.go</c>).</summary>
internal static class JsonConfigWriter
{
    internal static byte[] Write(TunnelConfiguration configuration)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            Write(writer, configuration);
        }
        return buffer.WrittenSpan.ToArray();
    }

    internal static void Write(Utf8JsonWriter writer, TunnelConfiguration configuration)
    {
        writer.WriteStartObject();
        if (configuration.ConfigurationFlags.Count > 0)
        {
            writer.WriteStartObject("__configuration_flags");
            foreach (var (name, text) in configuration.ConfigurationFlags)
            {
                writer.WriteString(name, text);
            }
            writer.WriteEndObject();
        }
        writer.WriteStartArray("ingress");
        foreach (var rule in configuration.Ingress)
        {
            WriteRule(writer, rule);
        }
        writer.WriteEndArray();
        writer.WritePropertyName("warp-routing");
        WriteObject(writer, OriginRequestDifference.Of(configuration.WarpRouting));
        writer.WriteEndObject();
    }

    private static void WriteRule(Utf8JsonWriter writer, IngressRule rule)
    {
        writer.WriteStartObject();
        if (rule.Hostname is { } hostname)
        {
            writer.WriteString("hostname", hostname);
        }
        if (rule.Path is { } path)
        {
            writer.WriteString("path", path);
        }
        writer.WriteString("service", rule.Service.ToString());
        writer.WritePropertyName("originRequest");
        WriteObject(writer, OriginRequestDifference.Of(rule.OriginRequest, OriginRequest.Default));
        writer.WriteEndObject();
    }

    private static void WriteObject(Utf8JsonWriter writer, IEnumerable<(string Name, object Value)> members)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in members)
        {
            writer.WritePropertyName(name);
            WriteValue(writer, value);
        }
        writer.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter writer, object value)
    {
        switch (value)
        {
            case TimeSpan duration:
                writer.WriteRawValue((duration.Ticks / (decimal)TimeSpan.TicksPerSecond).ToString("0.#######", CultureInfo.InvariantCulture));
                break;
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case int number:
                writer.WriteNumberValue(number);
                break;
            case ulong number:
                writer.WriteNumberValue(number);
                break;
            case string text:
                writer.WriteStringValue(text);
                break;
            case AccessRequirement access:
                WriteObject(writer, OriginRequestDifference.Members(access));
                break;
            case IngressIpRule rule:
                WriteObject(writer, OriginRequestDifference.Members(rule));
                break;
            case IEnumerable<object> items:
                WriteArray(writer, items);
                break;
            case IEnumerable<int> numbers:
                WriteArray(writer, numbers.Cast<object>());
                break;
            default:
                throw new ArgumentException($"{value.GetType()} is not a value of a configuration.", nameof(value));
        }
    }

    private static void WriteArray(Utf8JsonWriter writer, IEnumerable<object> items)
    {
        writer.WriteStartArray();
        foreach (var item in items)
        {
            WriteValue(writer, item);
        }
        writer.WriteEndArray();
    }
}
