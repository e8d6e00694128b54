using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Tunnel.Protocol.Configuration;

/// <summary>
/// What a connector answers to a <see cref="ConfigurationUpdate"/>: <c>{"lastAppliedVersion": n, "err": null}</c>
/// (cloudflared <c>tunnelrpc/pogs/configuration_manager.go</c>).
/// </summary>
/// <param name="LastAppliedVersion">The version that the connector works with now.</param>
/// <param name="Error">Why the update was refused; null if it was not.</param>
public sealed record ConfigurationUpdateResult(int LastAppliedVersion, string? Error)
{
    private const int MaxLength = 64 * 1024;

    /// <summary>Reads an answer. cloudflared writes every error as an empty object: such a one becomes its JSON text.</summary>
    /// <exception cref="ConfigurationException">Not an answer.</exception>
    public static ConfigurationUpdateResult Parse(ReadOnlySpan<byte> json)
    {
        if (json.Length > MaxLength)
        {
            throw new ConfigurationException($"The answer to a configuration update is longer than {MaxLength} bytes.");
        }
        var values = new ConfigValues(isJson: true);
        int? version = null;
        string? error = null;
        foreach (var (name, value) in values.Members(JsonConfigReader.Read(json), "the answer", ["lastAppliedVersion", "err"]))
        {
            if (name == "err")
            {
                error = value is ConfigScalar scalar ? scalar.Text : "{}";
            }
            else
            {
                version = ReadVersion(values, value, name);
            }
        }
        return new ConfigurationUpdateResult(
            version ?? throw new ConfigurationException("The answer to a configuration update has no lastAppliedVersion."),
            error);
    }

    /// <summary>Writes an answer.</summary>
    public byte[] ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>(128);
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteNumber("lastAppliedVersion", LastAppliedVersion);
            writer.WriteString("err", Error);
            writer.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    // -1 before the first push: cloudflared starts there.
    private static int ReadVersion(ConfigValues values, ConfigNode node, string name) =>
        node is ConfigScalar { Form: ConfigScalarForm.JsonNumber, Text: "-1" } ? -1 : (int)values.Number(node, name, int.MaxValue);
}
