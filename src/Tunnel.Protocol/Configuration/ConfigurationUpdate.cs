using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Tunnel.Protocol.Configuration;

/// <summary>
/// A configuration that an edge pushes to a connector on a stream of kind <c>update-configuration</c>:
/// <c>{"version": n, "config": {...}}</c> (cloudflared <c>connection/http2.go</c>).
/// </summary>
/// <param name="Version">Rises with every change; a connector ignores one that is not above what it has.</param>
/// <param name="Configuration">The configuration.</param>
public sealed record ConfigurationUpdate(int Version, TunnelConfiguration Configuration)
{
    /// <summary>Reads a push.</summary>
    /// <exception cref="ConfigurationException">Not valid; the message says where.</exception>
    public static ConfigurationUpdate Parse(ReadOnlySpan<byte> json)
    {
        if (json.Length > TunnelConfiguration.MaxLength)
        {
            throw new ConfigurationException($"The configuration is longer than {TunnelConfiguration.MaxLength} bytes.");
        }
        var values = new ConfigValues(isJson: true);
        var root = JsonConfigReader.Read(json);
        int? version = null;
        TunnelConfiguration? configuration = null;
        foreach (var (name, value) in values.Members(root, "the update", ["version", "config"]))
        {
            if (name == "version")
            {
                version = (int)values.Number(value, name, int.MaxValue);
            }
            else
            {
                configuration = ConfigurationReader.Read(values, value, isJson: true);
            }
        }
        return version is { } v && configuration is not null
            ? new ConfigurationUpdate(v, configuration)
            : throw new ConfigurationException("A configuration update must have a version and a config.");
    }

    /// <summary>Writes a push.</summary>
    public byte[] ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteNumber("version", Version);
            writer.WritePropertyName("config");
            JsonConfigWriter.Write(writer, Configuration);
            writer.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }
}
