using System.CommandLine;
using Tunnel.Agent.CommandLine;
using Tunnel.Edge;

namespace Tunnel.Agent.Edge;

/// <summary>What <c>edge run</c> takes for rules that need more than the edge has by itself: countries, endpoints that are asked.</summary>
internal sealed class PolicyOptions
{
    private readonly Option<string?> _countries = AgentOption.Text("country-database", "A database in MaxMind's format, such as GeoLite2-Country.mmdb; without it no country is known.", "TUNNEL_COUNTRY_DATABASE");
    private readonly Option<string?> _authorities = AgentOption.Text("evaluation-cacert", "A PEM file with the only authorities that vouch for endpoints of external evaluation rules; the system's.");
    private readonly Option<bool> _loopback = new("--allow-loopback-evaluation")
    {
        Description = "Let endpoints of external evaluation rules be on this machine: whoever may write a policy makes the edge call what listens there.",
    };

    public void AddTo(Command command)
    {
        command.Add(_countries);
        command.Add(_authorities);
        command.Add(_loopback);
    }

    /// <exception cref="UsageException">A file cannot be read.</exception>
    public EdgeOptions Apply(EdgeOptions options, ParseResult result)
    {
        try
        {
            return options with
            {
                CountryDatabase = result.GetValue(_countries) is { } file ? Path.GetFullPath(file) : null,
                ExternalEvaluationAuthorities = result.GetValue(_authorities) is { } pem ? EdgeOptions.ReadAuthorities(pem) : null,
                AllowLoopbackEvaluation = result.GetValue(_loopback),
            };
        }
        catch (IOException error)
        {
            throw new UsageException(error.Message);
        }
    }
}
