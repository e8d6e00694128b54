namespace Tunnel.Protocol.Configuration;

/// <summary>
/// What a connector is told about a tunnel: the content of <c>config.yml</c>, of the configuration that it reports
/// after registering, and of one that is pushed to it (cloudflared <c>config/configuration.go</c>,
/// <c>orchestration/config.go</c>).
/// </summary>
/// <example>
/// <code>
/// var configuration = TunnelConfiguration.ParseYaml(File.ReadAllText("config.yml"));
/// var rule = configuration.Ingress.Match("ssh.example.com", "/");
/// </code>
/// </example>
public sealed record TunnelConfiguration
{
    /// <summary>Longest text that is read, in characters or bytes.</summary>
    public const int MaxLength = 1 << 20;

    /// <summary>The tunnel's id or name; null if the file does not say.</summary>
    public string? Tunnel { get; init; }

    /// <summary>The path of the credentials file, as written.</summary>
    public string? CredentialsFile { get; init; }

    /// <summary>What every rule inherits.</summary>
    public OriginRequest OriginRequest { get; init; } = OriginRequest.Default;

    public IngressRules Ingress { get; init; } = IngressRules.Empty;

    public WarpRouting WarpRouting { get; init; } = WarpRouting.Default;

    /// <summary>The other keys of a config.yml.</summary>
    public ConfigurationSettings Settings { get; init; } = ConfigurationSettings.Empty;

    /// <summary>Options of the connector's command line, which it reports for people to see; JSON only.</summary>
    public IReadOnlyDictionary<string, string> ConfigurationFlags { get; init => field = ValueMap.From(value); } = ValueMap.From([]);

    /// <summary>Reads a config.yml; keys that are not known are ignored.</summary>
    /// <inheritdoc cref="ParseYaml(string, out IReadOnlyList{string})"/>
    public static TunnelConfiguration ParseYaml(string yaml) => ParseYaml(yaml, out _);

    /// <summary>Reads a config.yml. An empty one is a configuration without rules.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="warnings">What was ignored, one sentence each.</param>
    /// <exception cref="ConfigurationException">Not valid; the message says where and what to do.</exception>
    public static TunnelConfiguration ParseYaml(string yaml, out IReadOnlyList<string> warnings)
    {
        ArgumentNullException.ThrowIfNull(yaml);
        CheckLength(yaml.Length);
        var values = new ConfigValues(isJson: false);
        warnings = values.Warnings;
        var root = YamlConfigReader.Read(yaml.TrimStart('\uFEFF'));
        return root is null or ConfigScalar { Form: ConfigScalarForm.Null }
            ? new TunnelConfiguration()
            : ConfigurationReader.Read(values, root, isJson: false);
    }

    /// <summary>
    /// Reads the JSON that a connector reports (<see cref="ToJson"/>), or that is pushed to it; durations are seconds.
    /// Names that are not known are ignored.
    /// </summary>
    /// <exception cref="ConfigurationException">Not valid; the message says where and what to do.</exception>
    public static TunnelConfiguration ParseJson(ReadOnlySpan<byte> json)
    {
        CheckLength(json.Length);
        return ConfigurationReader.Read(new ConfigValues(isJson: true), JsonConfigReader.Read(json), isJson: true);
    }

    /// <summary>Writes a config.yml.</summary>
    public string ToYaml() => YamlConfigWriter.Write(this);

    /// <summary>
    /// Writes what a connector reports with <c>updateLocalConfiguration</c>: settings inherited from the top stand at each
    /// rule, defaults are left out, durations are seconds.
    /// </summary>
    public byte[] ToJson() => JsonConfigWriter.Write(this);

    /// <summary>A short summary: settings may hold secrets.</summary>
    public override string ToString() => $"TunnelConfiguration {{ Tunnel = {Tunnel}, Rules = {Ingress.Count} }}";

    private static void CheckLength(int length)
    {
        if (length > MaxLength)
        {
            throw new ConfigurationException($"The configuration is longer than {MaxLength} characters.");
        }
    }
}
