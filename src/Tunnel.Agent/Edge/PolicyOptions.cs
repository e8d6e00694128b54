using System.CommandLine;
using Tunnel.Agent.CommandLine;
using Tunnel.Edge;
using Tunnel.Protocol.Configuration;

namespace Tunnel.Agent.Edge;

/// <summary>
/// What <c>edge run</c> takes for rules that need more than the edge has by itself (countries, endpoints that are asked), and
/// for how long what they decided is on record.
/// </summary>
internal sealed class PolicyOptions
{
    private readonly Option<string?> _countries = AgentOption.Text("country-database", "A database in MaxMind's format, such as GeoLite2-Country.mmdb; without it no country is known.", "TUNNEL_COUNTRY_DATABASE");
    private readonly Option<string?> _authorities = AgentOption.Text("evaluation-cacert", "A PEM file with the only authorities that vouch for endpoints of external evaluation rules; the system's.");
    private readonly Option<bool> _loopback = new("--allow-loopback-evaluation")
    {
        Description = "Let endpoints of external evaluation rules be on this machine: whoever may write a policy makes the edge call what listens there.",
    };

    private readonly Option<string?> _retention = AgentOption.Text("access-log-retention", "How long an entry of the access log is kept, such as 12h or 720h; 30 days.", "TUNNEL_ACCESS_LOG_RETENTION");

    public void AddTo(Command command)
    {
        command.Add(_countries);
        command.Add(_authorities);
        command.Add(_loopback);
        command.Add(_retention);
    }

    /// <exception cref="UsageException">A file, or the retention, cannot be read.</exception>
    public EdgeOptions Apply(EdgeOptions options, ParseResult result)
    {
        var retention = options.AccessLogRetention;
        if (result.GetValue(_retention) is { } text && (!GoDuration.TryParse(text, out retention) || retention <= TimeSpan.Zero))
        {
            throw new UsageException($"--access-log-retention '{text}' is no duration longer than nothing, such as 12h or 720h.");
        }

        try
        {
            return options with
            {
                CountryDatabase = result.GetValue(_countries) is { } file ? Path.GetFullPath(file) : null,
                ExternalEvaluationAuthorities = result.GetValue(_authorities) is { } pem ? EdgeOptions.ReadAuthorities(pem) : null,
                AllowLoopbackEvaluation = result.GetValue(_loopback),
                AccessLogRetention = retention,
            };
        }
        catch (IOException error)
        {
            throw new UsageException(error.Message);
        }
    }
}
