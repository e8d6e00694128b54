using System.Globalization;
using Tunnel.Access;
using Tunnel.Core.Accounts;
using Tunnel.Core.Api;
using Tunnel.Core.Connector.Access;
using Tunnel.Protocol.Configuration;

namespace Tunnel.Core.Tunnels;

/// <summary>Finds out what a start has to do and whether it may, without changing anything.</summary>
internal sealed class SshTunnelPlanner(TunnelAccount account, TunnelFiles files, SshTunnelServiceOptions options)
{
    private const int MaxNameLength = 100;

    public async Task<SshTunnelPlan> PlanAsync(SshTunnelRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var hostname = Hostname.Normalize(request.Hostname);
        var service = ParseUrl(request.Url);
        var name = CheckName(request.Name ?? hostname);
        var connections = CheckConnections(request.Connections ?? options.Connections);
        var warnings = new List<string>();

        var zone = await ZoneFinder.FindAsync(account, hostname, cancellationToken).ConfigureAwait(false);
        if (zone.Status is "pending" or "initializing")
        {
            warnings.Add($"The zone {zone.Name} is {zone.Status}: set its name servers at the registrar, or nobody finds {hostname}.");
        }

        var application = await ProtectAsync(
            hostname, request.AllowUnprotected, request.RequireAccess, warnings, cancellationToken).ConfigureAwait(false);
        var requirement = request.RequireAccess
            ? await RequireAsync(hostname, application, cancellationToken).ConfigureAwait(false) : AccessRequirement.None;
        var tunnel = await TunnelFinder.ByNameAsync(account, name, cancellationToken).ConfigureAwait(false);
        if (tunnel is not null)
        {
            await new TunnelContents(account, files).CheckAsync(tunnel, hostname, service, requirement, cancellationToken).ConfigureAwait(false);
        }

        var route = await new HostnameOwner(account)
            .RouteAsync(zone, hostname, tunnel, request.Force, Refuse, warnings, cancellationToken).ConfigureAwait(false);
        var credentials = tunnel is null ? null : files.ReadCredentials(Guid.Parse(tunnel.Id), account.AccountId);
        return new SshTunnelPlan(service, requirement, connections, credentials, route)
        {
            Hostname = hostname,
            Name = name,
            Zone = zone,
            Application = application,
            ExistingTunnel = tunnel,
            Warnings = warnings,
            Steps = [.. Steps(hostname, name, service, requirement, connections, tunnel, credentials is not null, route, zone)],
        };
    }

    private static SshTunnelException Refuse(HostnameHolder holder) => holder.Tunnel is { } other
        ? new SshTunnelException(
            SshTunnelError.HostnameTaken,
            $"{holder}. Remove it first (Remove-SshTunnel '{other.Name}'), use -Name '{other.Name}', or take the hostname over with -Force.")
        : new SshTunnelException(
            SshTunnelError.RecordExists, $"{holder}. Choose another hostname, remove the record, or use -Force to replace it.");

    /// <exception cref="SshTunnelException">Not an address of a stream.</exception>
    public static OriginService ParseUrl(string url)
    {
        OriginService service;
        try
        {
            service = OriginService.Parse(url ?? "");
        }
        catch (ConfigurationException e)
        {
            throw new SshTunnelException(SshTunnelError.InvalidRequest, e.Message, e);
        }

        return service.Kind == OriginServiceKind.Ssh || (service.Kind == OriginServiceKind.Tcp && service.Scheme == "tcp")
            ? service
            : throw new SshTunnelException(
                SshTunnelError.InvalidRequest, $"'{url}' is not an ssh or tcp address. Give one such as ssh://localhost:22.");
    }

    private static string CheckName(string name) =>
        name.Length is > 0 and <= MaxNameLength && !name.Any(char.IsControl) && name.Trim() == name && !Guid.TryParse(name, out _)
            ? name
            : throw new SshTunnelException(
                SshTunnelError.InvalidRequest,
                $"A tunnel's name has 1 to {MaxNameLength} characters and does not look like an id. Give another with -Name.");

    private static int CheckConnections(int connections) => connections is >= 1 and <= byte.MaxValue
        ? connections
        : throw new SshTunnelException(SshTunnelError.InvalidRequest, "A tunnel keeps 1 to 255 connections; 4 is usual.");

    private async Task<AccessApplication?> ProtectAsync(
        string hostname, bool allowUnprotected, bool requireAccess, List<string> warnings, CancellationToken cancellationToken)
    {
        var applications = new List<AccessApplication>();
        await foreach (var entry in account.Api.Applications
            .ListAsync(account.AccountId, cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            applications.Add(entry);
        }

        var application = ApplicationCoverage.Find(applications, hostname);
        if (application is null)
        {
            if (!allowUnprotected)
            {
                throw new SshTunnelException(
                    SshTunnelError.Unprotected,
                    $"No Access application covers {hostname}: everybody could connect. "
                    + $"Lock it first (New-AccessApplication -Hostname {hostname}), or insist with -AllowUnprotected.");
            }

            warnings.Add($"No Access application covers {hostname}: everybody can connect.");
            return null;
        }

        foreach (var other in applications.Where(other => other.Id != application.Id && ApplicationCoverage.GuardsPathOf(other, hostname)))
        {
            warnings.Add($"The application '{other.Name}' covers a path of {hostname}. Any path leads to the ssh server: "
                + "its policies let in as well.");
        }

        var policies = new List<AccessPolicyResource>();
        await foreach (var policy in account.Api.Policies
            .ListAsync(account.AccountId, application.Id, cancellationToken).ConfigureAwait(false))
        {
            policies.Add(policy);
        }

        if (policies.Count == 0)
        {
            warnings.Add($"The application '{application.Name}' has no policy: nobody can connect. Add one with New-AccessPolicy.");
        }
        else if (policies.Any(static p => p.Decision == AccessDecision.Bypass))
        {
            warnings.Add(requireAccess
                ? $"The application '{application.Name}' has a bypass policy: whoever matches it has no token, which the connector refuses."
                : $"The application '{application.Name}' has a bypass policy: whoever matches it connects without a sign-in.");
        }

        return application;
    }

    /// <summary>What the rule has to say so that the connector lets in only who the application has.</summary>
    private async Task<AccessRequirement> RequireAsync(
        string hostname, AccessApplication? application, CancellationToken cancellationToken)
    {
        if (application?.Aud is not { Length: > 0 } audience)
        {
            throw new SshTunnelException(
                SshTunnelError.Unprotected,
                $"No Access application covers {hostname}, so that nobody could have a token for it. "
                + $"Lock it first (New-AccessApplication -Hostname {hostname}), or leave -RequireAccess out.");
        }

        var organization = await account.Api.Organization.GetAsync(account.AccountId, cancellationToken).ConfigureAwait(false);
        return organization.AuthDomain is { Length: > 0 } domain
            ? new AccessRequirement { Required = true, TeamName = TeamDomain.ToTeamName(domain), AudienceTags = [audience] }
            : throw new SshTunnelException(
                SshTunnelError.InvalidRequest, "The account has no team domain, which signs the tokens. Set it with Set-AccessOrganization.");
    }

    private IEnumerable<string> Steps(
        string hostname,
        string name,
        OriginService service,
        AccessRequirement requirement,
        int connections,
        TunnelInfo? tunnel,
        bool hasCredentials,
        HostnameRoute route,
        Zone zone)
    {
        if (tunnel is null)
        {
            yield return $"Create the tunnel '{name}' in the account {account.Name}, its credentials in '{options.Directory}'.";
        }
        else if (!hasCredentials)
        {
            yield return $"Fetch the credentials of the tunnel '{name}' to '{files.CredentialsFile(Guid.Parse(tunnel.Id))}'.";
        }

        if (route.Change != HostnameRouteChange.None)
        {
            var replaced = route.Records.Count == 0
                ? ""
                : $", instead of {string.Join(", ", route.Records.Select(static r => $"{r.Type} {r.Content}"))}";
            yield return $"Route {hostname} to the tunnel '{name}' in the zone {zone.Name}{replaced}.";
        }

        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"Run a connector with {connections} connections that carries {hostname} to {service}{(requirement.Required ? ", and refuses what has no Access token" : "")}.");
    }
}
