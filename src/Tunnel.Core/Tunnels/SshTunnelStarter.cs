using Tunnel.Core.Accounts;
using Tunnel.Core.Api;
using Tunnel.Core.Connector;
using Tunnel.Core.Connector.Access;
using Tunnel.Protocol.Credentials;

namespace Tunnel.Core.Tunnels;

/// <summary>Carries a plan out; when a step fails, what was done before it is undone.</summary>
internal sealed class SshTunnelStarter(TunnelAccount account, TunnelFiles files, SshTunnelServiceOptions options)
{
    public async Task<SshTunnel> StartAsync(SshTunnelPlan plan, CancellationToken cancellationToken)
    {
        var undo = new UndoStack();
        try
        {
            return await StartAsync(plan, undo, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            var failures = await undo.RunAsync().ConfigureAwait(false);
            if (failures.Count == 0)
            {
                throw;
            }

            throw new SshTunnelException(
                SshTunnelError.Undo,
                $"The start failed: {e.Message} And this could not be undone, do it by hand: {string.Join("; ", failures)}.",
                e);
        }
    }

    private async Task<SshTunnel> StartAsync(SshTunnelPlan plan, UndoStack undo, CancellationToken cancellationToken)
    {
        var credentials = plan.Credentials
            ?? (plan.ExistingTunnel is { } existing
                ? await FetchAsync(existing, undo, cancellationToken).ConfigureAwait(false)
                : await CreateAsync(plan.Name, undo, cancellationToken).ConfigureAwait(false));
        var id = credentials.TunnelId;
        await RouteAsync(plan, id, undo, cancellationToken).ConfigureAwait(false);
        var configuration = TunnelFiles.Configure(id, plan.Hostname, plan.Service, plan.Requirement, files.CredentialsFile(id));
        files.WriteConfiguration(id, configuration, undo);

        var connector = options.CreateConnector(new ConnectorOptions
        {
            Credentials = credentials,
            Configuration = configuration,
            EdgeAddresses = account.EdgeAddresses,
            CertificateAuthorities = account.LoadCertificateAuthorities(),
            AccessTeam = new AccessTeamOptions
            {
                ConnectTo = account.PublicEndPoint,
                CertificateAuthorities = account.LoadCertificateAuthorities(),
            },
            Connections = plan.Connections,
            GracePeriod = options.GracePeriod,
            TimeProvider = options.TimeProvider,
            LoggerFactory = options.LoggerFactory,
        });
        undo.Push("stop the connector", async _ => await connector.DisposeAsync().ConfigureAwait(false));
        var tunnel = new SshTunnel(account, plan, id, files, connector, options);
        await connector.StartAsync(cancellationToken).ConfigureAwait(false);
        return tunnel;
    }

    private async Task<TunnelCredentials> CreateAsync(string name, UndoStack undo, CancellationToken cancellationToken)
    {
        var creation = new TunnelCreation(account, name);
        undo.Push($"delete the tunnel '{name}'", async token =>
        {
            if (await creation.FindAsync(token).ConfigureAwait(false) is { } made)
            {
                await account.Api.Tunnels.DeleteAsync(account.AccountId, Guid.Parse(made.Id), true, token).ConfigureAwait(false);
            }
        });
        var created = await creation.RunAsync("local", cancellationToken).ConfigureAwait(false);
        var credentials = new TunnelCredentials(account.AccountId, creation.Secret, Guid.Parse(created.Id));
        files.WriteCredentials(credentials, undo);
        return credentials;
    }

    private async Task<TunnelCredentials> FetchAsync(TunnelInfo tunnel, UndoStack undo, CancellationToken cancellationToken)
    {
        var id = Guid.Parse(tunnel.Id);
        var token = await account.Api.Tunnels.GetTokenAsync(account.AccountId, id, cancellationToken).ConfigureAwait(false);
        TunnelCredentials credentials;
        try
        {
            credentials = TunnelToken.Parse(token);
        }
        catch (CredentialFormatException e)
        {
            throw new SshTunnelException(
                SshTunnelError.Credentials, $"The API's token for the tunnel '{tunnel.Name}' cannot be read: {e.Message}", e);
        }

        if (credentials.TunnelId != id)
        {
            throw new SshTunnelException(SshTunnelError.Credentials, $"The API gave a token for another tunnel than '{tunnel.Name}'.");
        }

        files.WriteCredentials(credentials, undo);
        return credentials;
    }

    private async Task RouteAsync(SshTunnelPlan plan, Guid id, UndoStack undo, CancellationToken cancellationToken)
    {
        if (plan.Route.Change == HostnameRouteChange.None)
        {
            return;
        }

        undo.Push($"restore the DNS records of {plan.Hostname}", token => RestoreAsync(plan, id, token));
        await account.Api.Tunnels.RouteDnsAsync(
            plan.Zone.Id,
            id,
            plan.Hostname,
            overwriteExisting: plan.Route.Change == HostnameRouteChange.Replace,
            cancellationToken).ConfigureAwait(false);
    }

    private async Task RestoreAsync(SshTunnelPlan plan, Guid id, CancellationToken cancellationToken)
    {
        var api = account.Api.DnsRecords;
        var before = plan.Route.Records;
        var now = await new HostnameOwner(account).RecordsAsync(plan.Zone.Id, plan.Hostname, cancellationToken).ConfigureAwait(false);
        foreach (var record in now.Where(r => r.TunnelId == id && before.All(b => b.Id != r.Id)))
        {
            await api.DeleteAsync(plan.Zone.Id, record.Id, cancellationToken).ConfigureAwait(false);
        }

        // Records that were changed go back first: one that is missing may conflict with what they are now.
        foreach (var record in before.OrderBy(record => now.All(r => r.Id != record.Id)))
        {
            var kept = now.Find(r => r.Id == record.Id);
            if (kept is null)
            {
                await api.CreateAsync(plan.Zone.Id, record, cancellationToken).ConfigureAwait(false);
            }
            else if (kept.Type != record.Type || kept.Content != record.Content || kept.Proxied != record.Proxied)
            {
                await api.UpdateAsync(plan.Zone.Id, record, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
