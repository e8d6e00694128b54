using System.CommandLine;
using Tunnel.Agent.CommandLine;

namespace Tunnel.Agent.Connector;

/// <summary>The options of <c>tunnel</c> and <c>tunnel run</c>, which stand before or after <c>run</c>; all are cloudflared's.</summary>
internal sealed class TunnelCommandOptions
{
    public Option<string?> Config { get; } = AgentOption.Text("config", "The configuration file; else config.yml on cloudflared's search path.");

    public Option<string?> Token { get; } = AgentOption.Text(
        "token", "The tunnel's token. Arguments are public: better the variable, or a file.", "TUNNEL_TOKEN");

    public Option<string?> TokenFile { get; } = AgentOption.Text("token-file", "A file with the tunnel's token.", "TUNNEL_TOKEN_FILE");

    public Option<string?> CredentialsFile { get; } = AgentOption.Text(
        "credentials-file", "The tunnel's credentials file.", "TUNNEL_CRED_FILE", "cred-file");

    public Option<string?> CredentialsContents { get; } = AgentOption.Text(
        "credentials-contents", "What a credentials file holds; better as the variable.", "TUNNEL_CRED_CONTENTS");

    public Option<string?> OriginCertificate { get; } = AgentOption.Text(
        "origincert", "cert.pem, to look up a tunnel by its name.", "TUNNEL_ORIGIN_CERT");

    public Option<string?> ApiAddress { get; } = AgentOption.Text("api-url", "The API, to look up a tunnel by its name.", "TUNNEL_API_URL");

    public Option<string?> Url { get; } = AgentOption.Text(
        "url", "The service to publish when the configuration has no rules, such as ssh://localhost:22.", "TUNNEL_URL");

    public Option<string[]> Edge { get; } = AgentOption.Texts("edge", "The edge's HOST:PORT instead of Cloudflare's; repeatable.", "TUNNEL_EDGE");

    public Option<string?> CertificateAuthority { get; } = AgentOption.Text(
        "cacert", "A PEM file with the only authorities that may vouch for the edge.", "TUNNEL_CACERT");

    public Option<string?> TeamAddress { get; } = AgentOption.Text(
        "team-address", "HOST:PORT that answers for the team domain of rules with 'access', when the edge is your own; --cacert vouches for it.",
        "TUNNEL_TEAM_ADDRESS");

    public Option<string?> GracePeriod { get; } = AgentOption.Text(
        "grace-period", "How long open streams may go on after a stop, such as 30s.", "TUNNEL_GRACE_PERIOD");

    public Option<string?> Connections { get; } = AgentOption.Text("ha-connections", "How many connections to keep; 4.");

    public Option<string?> LogLevel { get; } = AgentOption.Text("loglevel", "debug, info, warn, error or fatal.", "TUNNEL_LOGLEVEL");

    public Option<string?> PidFile { get; } = AgentOption.Text("pidfile", "Written when the first connection is up.", "TUNNEL_PIDFILE");

    public Option<string?> Protocol { get; } = AgentOption.Text(
        "protocol", "Accepted: this connector speaks http2.", "TUNNEL_TRANSPORT_PROTOCOL", "p");

    public IReadOnlyList<Option> Forwarded { get; } = ForwardedOptions.Create();

    public IEnumerable<Option> All =>
    [
        Config, Token, TokenFile, CredentialsFile, CredentialsContents, OriginCertificate, ApiAddress, Url, Edge,
        CertificateAuthority, TeamAddress, GracePeriod, Connections, LogLevel, PidFile, Protocol, .. Forwarded,
    ];
}
