using System.Text;
using System.Text.Json;
using Tunnel.Core.Accounts;
using Tunnel.Core.Api;
using Tunnel.Protocol.Configuration;

namespace Tunnel.Core.Tunnels;

/// <summary>
/// What a tunnel carries already, by the configurations on this machine and by what the API knows. One connector's
/// rules hold for all of the tunnel, and a hostname carries one protocol, so that both have to agree with the new rule.
/// </summary>
internal sealed class TunnelContents(TunnelAccount account, TunnelFiles files)
{
    /// <exception cref="SshTunnelException">The tunnel carries something else.</exception>
    public async Task CheckAsync(
        TunnelInfo tunnel, string hostname, OriginService service, AccessRequirement requirement, CancellationToken cancellationToken)
    {
        var id = Guid.Parse(tunnel.Id);
        foreach (var (file, configuration) in files.ReadConfigurations(id, tunnel.Name))
        {
            CheckRules(tunnel, configuration, hostname, service, $"by '{file}'");
        }

        if (await RemoteAsync(id, cancellationToken).ConfigureAwait(false) is not { } remote)
        {
            return;
        }

        var isManagedThere = tunnel.RemoteConfig == true || tunnel.ConfigSrc == "cloudflare" || remote.Source == "cloudflare";
        if (isManagedThere)
        {
            CheckManaged(tunnel, remote.Rules, hostname, service, requirement);
        }
        else
        {
            CheckRules(tunnel, remote.Rules, hostname, service, "by the connector that ran it last");
        }
    }

    private static void CheckRules(
        TunnelInfo tunnel, TunnelConfiguration configuration, string hostname, OriginService service, string where)
    {
        foreach (var rule in configuration.Ingress.Where(static r => r.Hostname is not null))
        {
            if (!string.Equals(rule.Hostname, hostname, StringComparison.OrdinalIgnoreCase))
            {
                throw new SshTunnelException(
                    SshTunnelError.TunnelTaken,
                    $"The tunnel '{tunnel.Name}' carries {rule.Hostname} ({where}). "
                    + "Give this hostname a tunnel of its own: choose another -Name.");
            }

            CheckProtocol(rule, hostname, service, where);
        }
    }

    private static void CheckManaged(
        TunnelInfo tunnel, TunnelConfiguration configuration, string hostname, OriginService service, AccessRequirement requirement)
    {
        var rule = configuration.Ingress.FirstOrDefault(
            r => string.Equals(r.Hostname, hostname, StringComparison.OrdinalIgnoreCase));
        if (rule is not null)
        {
            CheckProtocol(rule, hostname, service, "by the configuration in the account");
        }

        if (rule is null || !rule.Service.Equals(service))
        {
            throw new SshTunnelException(
                SshTunnelError.TunnelTaken,
                $"The tunnel '{tunnel.Name}' has its configuration in the account, which has no rule for {hostname} to {service}. "
                + "Add it there, or choose another -Name.");
        }

        CheckRequirement(tunnel, rule, requirement);
    }

    private static void CheckRequirement(TunnelInfo tunnel, IngressRule rule, AccessRequirement wanted)
    {
        var present = rule.OriginRequest.Access;
        if (wanted.Required && !(present.Required && present.TeamName == wanted.TeamName && present.AudienceTags.SequenceEqual(wanted.AudienceTags)))
        {
            throw new SshTunnelException(
                SshTunnelError.TunnelTaken,
                $"The tunnel '{tunnel.Name}' has its configuration in the account, where the rule for {rule.Hostname} does not ask for an "
                + "Access token of the application. Add it there (originRequest.access), or choose another -Name.");
        }
    }

    private static void CheckProtocol(IngressRule rule, string hostname, OriginService service, string where)
    {
        if (rule.Service.Kind != service.Kind)
        {
            throw new SshTunnelException(
                SshTunnelError.HostnameTaken,
                $"{hostname} carries {rule.Service} already ({where}), and a hostname carries one protocol. "
                + "Choose another hostname, or remove that tunnel first.");
        }
    }

    private async Task<(string? Source, TunnelConfiguration Rules)?> RemoteAsync(Guid id, CancellationToken cancellationToken)
    {
        try
        {
            var remote = await account.Api.Tunnels
                .GetConfigurationAsync(account.AccountId, id, cancellationToken).ConfigureAwait(false);
            return remote.Config is { ValueKind: JsonValueKind.Object } config
                ? (remote.Source, TunnelConfiguration.ParseJson(Encoding.UTF8.GetBytes(config.GetRawText())))
                : null;
        }
        catch (TunnelApiException e) when (e.IsNotFound)
        {
            return null;
        }
        catch (ConfigurationException)
        {
            // Something newer than this version: what it carries shows in the DNS records and when it runs.
            return null;
        }
    }
}
