using Tunnel.Core.Accounts;
using Tunnel.Core.Api;

namespace Tunnel.Core.Tunnels;

/// <summary>What is open to everybody once an Access application is gone, or guards another hostname.</summary>
public static class ApplicationExposure
{
    /// <summary>The hostnames that lead to a tunnel and that no application guards then.</summary>
    /// <param name="account">The account.</param>
    /// <param name="application">The application as it is.</param>
    /// <param name="newDomain">What it is to guard instead of its first hostname; null: it is removed.</param>
    /// <param name="cancellationToken">Stops the calls.</param>
    /// <returns>Where the API token may not read the routes: the application's first hostname, as it may be one.</returns>
    public static async Task<IReadOnlyList<string>> FindAsync(
        TunnelAccount account, AccessApplication application, string? newDomain, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(account);
        ArgumentNullException.ThrowIfNull(application);
        var others = new List<AccessApplication>();
        await foreach (var other in account.Api.Applications
            .ListAsync(account.AccountId, cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            if (other.Id != application.Id)
            {
                others.Add(other);
            }
        }

        if (newDomain is not null)
        {
            others.Add(new Applications.ApplicationChange { Domain = newDomain }.ApplyTo(application, null));
        }

        try
        {
            var routes = await new RouteCatalog(account).ListAsync(cancellationToken: cancellationToken)
                .ToListAsync(cancellationToken).ConfigureAwait(false);
            return [.. routes.Select(static route => route.Hostname).Where(hostname => Guards(application, hostname)
                && ApplicationCoverage.Find(others, hostname) is null)];
        }
        catch (TunnelApiException e) when (e.IsAccessDenied && application.Domain is not null)
        {
            return [application.Domain];
        }
    }

    private static bool Guards(AccessApplication application, string hostname) =>
        ApplicationCoverage.Rank(application, hostname) >= 0 || ApplicationCoverage.GuardsPathOf(application, hostname);
}
