using System.Globalization;
using System.Security.Cryptography;
using Tunnel.Access;
using Tunnel.Core.Api;
using Tunnel.Protocol.Credentials;

namespace Tunnel.Benchmarks.Lab;

/// <summary>A tunnel with its two hostnames, one to the origin and one to sshd, both locked to one service token.</summary>
/// <param name="Directory">Holds the configuration and the credentials; nobody else can read it.</param>
internal sealed record Publication(
    Guid TunnelId, string OriginHostname, string SshHostname, ServiceToken Token, string Directory)
{
    private const string Zone = "example.test";

    /// <summary>For the connector's <c>--config</c>.</summary>
    public string ConfigurationFile => Path.Combine(Directory, "config.yml");

    public static async Task<Publication> CreateAsync(
        EdgeProcess edge, string name, string directory, int originPort, int sshPort, CancellationToken cancellationToken)
    {
        var (api, account) = (edge.Api, edge.AccountId);
        var zone = await api.Zones.ListAsync(new ZoneFilter { Name = Zone }, cancellationToken).FirstOrDefaultAsync(cancellationToken)
            ?? await api.Zones.CreateAsync(account, Zone, cancellationToken: cancellationToken);
        var secret = RandomNumberGenerator.GetBytes(32);
        var tunnel = Guid.Parse((await api.Tunnels.CreateAsync(account, name, secret, cancellationToken: cancellationToken)).Id);
        var token = await api.ServiceTokens.CreateAsync(account, name, cancellationToken: cancellationToken);
        var publication = new Publication(tunnel, $"tcp-{name}.{Zone}", $"ssh-{name}.{Zone}", token, directory);
        foreach (var hostname in new[] { publication.OriginHostname, publication.SshHostname })
        {
            await publication.LockAsync(edge, hostname, cancellationToken);
            await api.Tunnels.RouteDnsAsync(zone.Id, tunnel, hostname, cancellationToken: cancellationToken);
        }

        await publication.WriteFilesAsync(new TunnelCredentials(account, secret, tunnel), originPort, sshPort, cancellationToken);
        return publication;
    }

    private async Task LockAsync(EdgeProcess edge, string hostname, CancellationToken cancellationToken)
    {
        var application = await edge.Api.Applications.CreateAsync(edge.AccountId, new AccessApplication
        {
            Name = hostname,
            Domain = hostname,
            Type = "self_hosted",
            SessionDuration = "24h",
        }, cancellationToken: cancellationToken);
        await edge.Api.Policies.CreateAsync(edge.AccountId, application.Id, new AccessPolicyResource
        {
            Name = "the benchmark's token",
            Decision = AccessDecision.NonIdentity,
            Include = [new ServiceTokenRule(Token.Id)],
        }, cancellationToken);
    }

    private async Task WriteFilesAsync(TunnelCredentials credentials, int originPort, int sshPort, CancellationToken cancellationToken)
    {
        System.IO.Directory.CreateDirectory(Directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var file = Path.Combine(Directory, $"{TunnelId}.json");
        await using (var stream = new FileStream(file, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        {
            await stream.WriteAsync(credentials.ToJson(), cancellationToken);
        }

        await File.WriteAllTextAsync(ConfigurationFile, string.Create(CultureInfo.InvariantCulture, $"""
            tunnel: {TunnelId}
            credentials-file: {file}
            ingress:
              - hostname: {OriginHostname}
                service: tcp://127.0.0.1:{originPort}
              - hostname: {SshHostname}
                service: ssh://127.0.0.1:{sshPort}
              - service: http_status:404

            """), cancellationToken);
    }
}
