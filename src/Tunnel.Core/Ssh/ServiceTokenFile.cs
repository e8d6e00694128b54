using System.Text;
using System.Text.Json;
using Tunnel.Core.Files;

namespace Tunnel.Core.Ssh;

/// <summary>
/// A service token in a file that only its owner can read, for <c>tunnel-agent access ssh --service-token-file</c>: lines
/// <c>NAME=value</c> with the names of the environment variables, so that systemd's EnvironmentFile reads it as well.
/// Lines <c>id=</c> and <c>secret=</c>, and JSON (of the same names, or as the API answers), are read too.
/// </summary>
public sealed class ServiceTokenFile
{
    /// <summary>The environment variable, and line, of the client id; cloudflared's name.</summary>
    public const string IdVariable = "TUNNEL_SERVICE_TOKEN_ID";

    /// <summary>The environment variable, and line, of the client secret; cloudflared's name.</summary>
    public const string SecretVariable = "TUNNEL_SERVICE_TOKEN_SECRET";

    // In what the API answers when it makes a token, "id" is another one than the client's.
    private static readonly string[] s_idNames = [IdVariable, "client_id", "id"];
    private static readonly string[] s_secretNames = [SecretVariable, "client_secret", "secret"];

    private const int MaxLength = 16 * 1024;

    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    public ServiceTokenFile(string clientId, string clientSecret)
    {
        ClientId = Check(clientId, "The service token's client id");
        ClientSecret = Check(clientSecret, "The service token's client secret");
    }

    public string ClientId { get; }

    public string ClientSecret { get; }

    /// <exception cref="SshConfigException">Missing, readable by others, or not of this form. Never holds the content.</exception>
    public static ServiceTokenFile Read(string path)
    {
        string text;
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(stream.SafeFileHandle) & Others) != 0)
            {
                throw new SshConfigException($"The service token file '{path}' can be read by others; run: chmod 600 '{path}'");
            }

            if (stream.Length > MaxLength)
            {
                throw new SshConfigException($"The service token file '{path}' is too large to be one.");
            }

            using var reader = new StreamReader(stream, Encoding.UTF8);
            text = reader.ReadToEnd();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SshConfigException($"The service token file '{path}' cannot be read: {e.Message}", e);
        }

        return Parse(text) ?? throw new SshConfigException(
            $"The service token file '{path}' needs the two lines {IdVariable}=... and {SecretVariable}=...");
    }

    /// <summary>Writes the file, 0600 from the start.</summary>
    public void Write(string path) =>
        AtomicFile.ReplacePrivate(path, Encoding.UTF8.GetBytes($"{IdVariable}={ClientId}\n{SecretVariable}={ClientSecret}\n"));

    public override string ToString() => $"service token {ClientId}";

    private static ServiceTokenFile? Parse(string text)
    {
        var values = text.AsSpan().TrimStart().StartsWith('{') ? ReadJson(text) : ReadLines(text);
        var id = s_idNames.Select(values.GetValueOrDefault).FirstOrDefault(value => value is not null);
        var secret = s_secretNames.Select(values.GetValueOrDefault).FirstOrDefault(value => value is not null);
        return string.IsNullOrEmpty(id) || string.IsNullOrEmpty(secret) || !IsPlain(id) || !IsPlain(secret)
            ? null
            : new ServiceTokenFile(id, secret);
    }

    private static Dictionary<string, string> ReadLines(string text)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n'))
        {
            var parts = line.Trim().Split('=', 2);
            if (parts.Length == 2)
            {
                values[parts[0].TrimEnd()] = parts[1].Trim().Trim('"');
            }
        }

        return values;
    }

    private static Dictionary<string, string> ReadJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.EnumerateObject()
                .Where(property => property.Value.ValueKind == JsonValueKind.String)
                .DistinctBy(property => property.Name)
                .ToDictionary(property => property.Name, property => property.Value.GetString()!, StringComparer.Ordinal);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Its message could quote the file.
            return [];
        }
    }

    private static string Check(string value, string what) =>
        !string.IsNullOrEmpty(value) && IsPlain(value)
            ? value
            : throw new SshConfigException($"{what} is empty or has characters that none has; copy it again.");

    private static bool IsPlain(string value) => value.Length <= 512 && value.All(static c => c is > ' ' and <= '~' and not ('"' or '\''));
}
