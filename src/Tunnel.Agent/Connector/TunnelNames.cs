using System.CommandLine;
using Tunnel.Agent.CommandLine;
using Tunnel.Core.Api;
using Tunnel.Protocol.Credentials;

namespace Tunnel.Agent.Connector;

/// <summary>Looks up a tunnel's id by its name, with the rights that cert.pem gives.</summary>
internal sealed class TunnelNames(ConfigurationSearchPath path, Func<Option<string?>, string?> text, TunnelCommandOptions options)
{
    /// <exception cref="UsageException">No cert.pem, or no such tunnel.</exception>
    public async Task<Guid> FindAsync(string name, CancellationToken cancellationToken)
    {
        var file = text(options.OriginCertificate) is { } given ? path.Expand(given) : path.Find("cert.pem");
        if (file is null)
        {
            throw new UsageException($"'{name}' is a name, and there is no cert.pem to look it up with. Give the tunnel's id.");
        }

        try
        {
            var certificate = OriginCertificate.Parse(await File.ReadAllTextAsync(file, cancellationToken).ConfigureAwait(false));
            using var api = new TunnelApiClient(new TunnelApiOptions
            {
                ApiToken = certificate.ApiToken,
                BaseAddress = text(options.ApiAddress) is { } address ? new Uri(address) : TunnelApiOptions.CloudflareAddress,
            });
            var tunnel = await api.Tunnels
                .ListAsync(certificate.AccountId, new TunnelFilter { Name = name }, cancellationToken)
                .FirstOrDefaultAsync(tunnel => tunnel.Name == name && !tunnel.IsDeleted, cancellationToken).ConfigureAwait(false);
            return tunnel is not null && Guid.TryParse(tunnel.Id, out var id)
                ? id
                : throw new UsageException($"The account has no tunnel of the name '{name}'.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or TunnelApiException or UriFormatException)
        {
            throw new UsageException($"The tunnel '{name}' cannot be looked up: {error.Message}");
        }
    }
}
