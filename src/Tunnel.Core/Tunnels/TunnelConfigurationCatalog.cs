using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tunnel.Core.Accounts;
using Tunnel.Core.Api;
using Tunnel.Core.Applications;
using Tunnel.Protocol.Configuration;

namespace Tunnel.Core.Tunnels;

/// <summary>The configurations of an account's tunnels: those that the account keeps, and those in files of this machine.</summary>
/// <param name="account">The account.</param>
/// <param name="directory">The folder with the files of locally managed tunnels.</param>
public sealed class TunnelConfigurationCatalog(TunnelAccount account, string directory)
{
    private readonly TunnelConfigurationReader _reader = new(account);
    private readonly TunnelFiles _files = new(directory);

    /// <summary>
    /// What is known of a tunnel's configuration: what the account keeps, else what its connector told the account, else
    /// the file on this machine.
    /// </summary>
    public async Task<ManagedConfiguration> GetAsync(TunnelInfo tunnel, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tunnel);
        var id = Guid.Parse(tunnel.Id);
        var remote = await _reader.ReadAsync(tunnel, cancellationToken).ConfigureAwait(false);
        var isLocal = !TunnelCatalog.IsRemotelyManaged(tunnel) && remote?.Source != "cloudflare";
        if (isLocal && remote?.Config is not { ValueKind: JsonValueKind.Object }
            && _files.ReadConfigurations(id, tunnel.Name).FirstOrDefault() is { Configuration: { } found } local)
        {
            return Describe(tunnel, "local", found) with { File = local.File, Json = Encoding.UTF8.GetString(found.ToJson()) };
        }

        return Describe(tunnel, isLocal ? "local" : "cloudflare", TunnelConfigurationReader.Parse(remote)) with
        {
            Version = remote?.Version ?? 0,
            CreatedAt = remote?.CreatedAt,
            Json = remote?.Config is { ValueKind: JsonValueKind.Object } config ? config.GetRawText() : null,
        };
    }

    /// <summary>Reads a file as a configuration: cloudflared's YAML, or the API's JSON in a file that ends in <c>.json</c>.</summary>
    /// <param name="file">The file.</param>
    /// <param name="warnings">What of it the account does not keep, one sentence each.</param>
    /// <returns>The configuration as JSON.</returns>
    /// <exception cref="ConfigurationException">It cannot work; the message says where and what to do.</exception>
    public static string ReadFile(string file, out IReadOnlyList<string> warnings)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(file);
        if (new FileInfo(file).Length > TunnelConfiguration.MaxLength)
        {
            throw new ConfigurationException($"'{file}' is too large for a configuration.");
        }

        var text = File.ReadAllText(file);
        if (Path.GetExtension(file).Equals(".json", StringComparison.OrdinalIgnoreCase))
        {
            warnings = [];
            return text;
        }

        var configuration = TunnelConfiguration.ParseYaml(text, out var ignored);
        string[] local = [.. configuration.Settings.Names];
        warnings = local.Length == 0
            ? ignored
            : [.. ignored, $"The account keeps the rules only: {string.Join(", ", local)} stay with the connector."];
        return Encoding.UTF8.GetString(configuration.ToJson());
    }

    /// <summary>A configuration with a rule that takes a hostname to a service, in the place of the one it had.</summary>
    /// <param name="json">The configuration; null: none yet.</param>
    /// <param name="hostname">The hostname.</param>
    /// <param name="service">Such as <c>ssh://localhost:22</c>.</param>
    public static string WithRule(string? json, string hostname, string service)
    {
        var name = Hostname.NormalizePattern(hostname);
        var configuration = json is null ? [] : Parse(json);
        if (configuration["ingress"] is not JsonArray { Count: > 0 } ingress)
        {
            ingress = [new JsonObject { ["service"] = "http_status:404" }];
            configuration["ingress"] = ingress;
        }

        var present = ingress.OfType<JsonObject>().FirstOrDefault(rule =>
            string.Equals(rule["hostname"]?.ToString(), name, StringComparison.OrdinalIgnoreCase)
            && string.IsNullOrEmpty(rule["path"]?.ToString()));
        if (present is not null)
        {
            present["service"] = service;
        }
        else
        {
            // Before the last, which takes everything.
            ingress.Insert(ingress.Count - 1, new JsonObject { ["hostname"] = name, ["service"] = service });
        }

        return configuration.ToJsonString();
    }

    /// <summary>
    /// Gives a tunnel a configuration that the account keeps and sends to its connectors; the same as before is no change.
    /// </summary>
    /// <param name="tunnel">The tunnel.</param>
    /// <param name="json">The configuration.</param>
    /// <param name="force">Whether a tunnel that has its configuration in a file may be taken over by the account.</param>
    /// <param name="cancellationToken">Stops the calls.</param>
    /// <exception cref="ConfigurationException">It cannot work; the message says where and what to do.</exception>
    /// <exception cref="ResourceConflictException">
    /// The tunnel has its configuration in a file, or a hostname would carry two protocols.
    /// </exception>
    public async Task<ManagedConfiguration> SetAsync(
        TunnelInfo tunnel, string json, bool force, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tunnel);
        var wanted = Check(json);
        var present = await GetAsync(tunnel, cancellationToken).ConfigureAwait(false);
        if (present.Source == "local" && !force)
        {
            throw new ResourceConflictException(
                $"The tunnel '{tunnel.Name}' has its configuration in a file beside its connector, which would not count any more. "
                + "Change the file, or let the account keep the configuration from now on with -Force.");
        }

        if (present is { Source: "cloudflare", Json: { } kept } && JsonNode.DeepEquals(wanted, JsonNode.Parse(kept)))
        {
            return present;
        }

        using var document = JsonDocument.Parse(wanted.ToJsonString());
        var answer = await account.Api.Tunnels.UpdateConfigurationAsync(
            account.AccountId, Guid.Parse(tunnel.Id), document.RootElement, cancellationToken).ConfigureAwait(false);
        return Describe(tunnel, "cloudflare", TunnelConfigurationReader.Parse(answer)) with
        {
            Version = answer.Version, CreatedAt = answer.CreatedAt, Json = answer.Config?.GetRawText() ?? wanted.ToJsonString(),
        };
    }

    /// <exception cref="ConfigurationException">It cannot work.</exception>
    private static JsonObject Check(string json)
    {
        var wanted = Parse(json);
        // What a connector reports of its command line is not part of its configuration.
        wanted.Remove("__configuration_flags");
        var rules = TunnelConfiguration.ParseJson(Encoding.UTF8.GetBytes(wanted.ToJsonString())).Ingress;
        HostnameProtocols.Check(rules);
        return rules.Count > 0 ? wanted : throw new ConfigurationException(
            "The configuration has no rules: every visitor would be refused. Add an 'ingress' with one rule at least.");
    }

    private static JsonObject Parse(string json)
    {
        try
        {
            var root = JsonNode.Parse(json) as JsonObject;
            // What the API tells stands in an envelope of its own: a file made of it is taken as well.
            return (root?["config"] as JsonObject)?.DeepClone().AsObject() ?? root
                ?? throw new ConfigurationException("The configuration is not a JSON object.");
        }
        catch (JsonException e)
        {
            throw new ConfigurationException($"The configuration is not JSON: {e.Message}", e);
        }
    }

    private static ManagedConfiguration Describe(TunnelInfo tunnel, string source, TunnelConfiguration? configuration) => new()
    {
        TunnelId = Guid.Parse(tunnel.Id),
        TunnelName = tunnel.Name,
        Source = source,
        // An array: PowerShell cannot take an entry out of every other read-only list.
        Rules = (configuration?.Ingress ?? IngressRules.Empty).Select(TunnelConfigurationRule.From).ToArray(),
    };
}
