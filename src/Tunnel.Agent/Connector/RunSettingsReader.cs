using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Tunnel.Agent.CommandLine;
using Tunnel.Agent.Service;
using Tunnel.Core.Connector;
using Tunnel.Core.Connector.Access;
using Tunnel.Protocol.Configuration;

namespace Tunnel.Agent.Connector;

/// <summary>Puts together what a connector needs: the command line goes before the environment, and that before config.yml.</summary>
internal sealed class RunSettingsReader(TunnelCommandOptions options, ParseResult result)
{
    private const int DefaultEdgePort = 7844;

    private readonly ConfigurationSearchPath _path = ConfigurationSearchPath.ForUser();
    private TunnelConfiguration _configuration = new();

    /// <exception cref="UsageException">Something is missing or makes no sense.</exception>
    public async Task<RunSettings> ReadAsync(string? tunnel, CancellationToken cancellationToken)
    {
        var warnings = ForwardedOptions.Warnings(result, options.Forwarded).ToList();
        warnings.AddRange(ReadConfiguration());
        var log = new StandardErrorLoggerFactory(StandardErrorLoggerFactory.Parse(Text(options.LogLevel)));
        if (Text(options.Protocol) is "quic")
        {
            warnings.Add("--protocol quic is not available: the connector speaks http2.");
        }

        var credentials = await new CredentialsReader(_path, Text, result.IsGiven(options.Token), options, warnings.Add)
            .ReadAsync(tunnel, _configuration, cancellationToken).ConfigureAwait(false);
        var authorities = ReadAuthorities(Text(options.CertificateAuthority));
        var team = Text(options.TeamAddress) is { } at ? ReadAddress("--team-address", at, 443) : null;
        var connector = new ConnectorOptions
        {
            Credentials = credentials,
            Configuration = WithRules(warnings),
            EdgeAddresses = [.. Texts(options.Edge).Select(address => ReadAddress("--edge", address, DefaultEdgePort))],
            CertificateAuthorities = authorities,
            AccessTeam = new AccessTeamOptions { ConnectTo = team, CertificateAuthorities = team is null ? null : authorities },
            Connections = ReadConnections(Text(options.Connections)),
            GracePeriod = ReadDuration(Text(options.GracePeriod)) ?? TimeSpan.FromSeconds(30),
            Version = AgentVersion.UserAgent.Replace('/', '-'),
            LoggerFactory = log,
        };
        foreach (var warning in warnings)
        {
            log.CreateLogger("").LogWarning("{Warning}", warning);
        }

        return new RunSettings(connector, Text(options.PidFile));
    }

    /// <summary>An option's value, or the setting of its name in config.yml.</summary>
    private string? Text(Option<string?> option) =>
        result.GetValue(option) ?? (_configuration.Settings.TryGetText(option.Name[2..], out var text) ? text : null);

    private IReadOnlyList<string> Texts(Option<string[]> option) =>
        result.GetValue(option) is { Length: > 0 } given ? given : _configuration.Settings.GetTexts(option.Name[2..]);

    private IReadOnlyList<string> ReadConfiguration()
    {
        var file = result.GetValue(options.Config) is { } given ? _path.Expand(given) : _path.Find("config.yml", "config.yaml");
        if (file is null)
        {
            return [];
        }

        try
        {
            _configuration = TunnelConfiguration.ParseYaml(File.ReadAllText(file), out var warnings);
            return warnings;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ConfigurationException)
        {
            throw new UsageException($"The configuration '{file}' cannot be used: {error.Message}");
        }
    }

    private TunnelConfiguration WithRules(List<string> warnings)
    {
        if (_configuration.Ingress.Count > 0)
        {
            return _configuration;
        }

        if (Text(options.Url) is not { } url)
        {
            warnings.Add("No ingress rules: every request gets 503 until the edge sends a configuration. Give rules in config.yml, or --url.");
            return _configuration with { Ingress = new IngressRules([IngressRules.NoRules]) };
        }

        try
        {
            var rule = new IngressRule(null, null, OriginService.Parse(url), _configuration.OriginRequest);
            return _configuration with { Ingress = new IngressRules([rule]) };
        }
        catch (ConfigurationException error)
        {
            throw new UsageException($"--url {url}: {error.Message}");
        }
    }

    private static DnsEndPoint ReadAddress(string option, string text, int defaultPort)
    {
        var address = text.Trim();
        if (IPAddress.TryParse(address, out _) && address.Contains(':', StringComparison.Ordinal) && !address.Contains("]:", StringComparison.Ordinal))
        {
            return new DnsEndPoint(address.Trim('[', ']'), defaultPort);
        }

        var colon = address.LastIndexOf(':');
        var (host, port) = colon < 0 ? (address, defaultPort) : (address[..colon], -1);
        if (host.Length > 0 && (port > 0
            || (ushort.TryParse(address.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var given) && (port = given) > 0)))
        {
            return new DnsEndPoint(host.Trim('[', ']'), port);
        }

        throw new UsageException($"{option} {text}: give HOST:PORT.");
    }

    private static X509Certificate2Collection? ReadAuthorities(string? file)
    {
        if (file is null)
        {
            return null;
        }

        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new UsageException($"--cacert {file} cannot be used: {error.Message}");
        }

        return authorities.Count > 0 ? authorities : throw new UsageException($"--cacert {file} holds no certificate.");
    }

    private static int ReadConnections(string? text) => text is null ? 4
        : byte.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 ? count
        : throw new UsageException($"--ha-connections {text}: give a number from 1 to 255.");

    private static TimeSpan? ReadDuration(string? text) => text is null ? null
        : GoDuration.TryParse(text, out var duration) && duration >= TimeSpan.Zero && duration <= TimeSpan.FromDays(1) ? duration
        : throw new UsageException($"--grace-period {text}: give a duration such as 30s, at most 24h.");
}
