using System.Runtime.CompilerServices;
using Tunnel.Core.Api;

namespace Tunnel.Core.Applications;

/// <summary>The Access applications of one account, by what people call them: hostname, name or id.</summary>
public sealed class ApplicationCatalog(TunnelApiClient api, string accountId)
{
    /// <summary>Those whose hostname, name or id is the given one; all of them when null.</summary>
    public async IAsyncEnumerable<AccessApplication> ListAsync(
        string? identity = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (AccessApplication application in api.Applications
            .ListAsync(accountId, cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            if (identity is null || Is(application, identity))
            {
                yield return application;
            }
        }
    }

    /// <summary>The one application of that hostname, name or id.</summary>
    /// <exception cref="ResourceNotFoundException">There is none.</exception>
    /// <exception cref="ResourceConflictException">There are several of that name.</exception>
    public async Task<AccessApplication> GetAsync(string identity, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(identity);
        AccessApplication? found = null;
        await foreach (AccessApplication application in ListAsync(identity, cancellationToken).ConfigureAwait(false))
        {
            if (found is not null)
            {
                throw new ResourceConflictException(
                    $"Several Access applications are called '{identity}'. Name one by its hostname or id.");
            }

            found = application;
        }

        return found ?? throw new ResourceNotFoundException(
            $"The account has no Access application '{identity}'. Create it with New-AccessApplication.");
    }

    /// <summary>The application as asked for: the one that is there already, or a new one.</summary>
    /// <param name="domain">The hostname, with an optional path, that it guards.</param>
    /// <param name="wanted">How it guards it.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="ResourceConflictException">The hostname has an application with other settings.</exception>
    public async Task<AccessApplication> EnsureAsync(
        string domain, ApplicationChange wanted, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(domain);
        ArgumentNullException.ThrowIfNull(wanted);
        IReadOnlyList<string>? providers = await ProvidersAsync(wanted, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<string>? policies = await PoliciesAsync(wanted, cancellationToken).ConfigureAwait(false);
        await foreach (AccessApplication existing in api.Applications
            .ListAsync(accountId, cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            if (!IsSame(existing.Domain, domain))
            {
                continue;
            }

            return wanted.IsMetBy(existing, providers) && (policies is null || policies.SequenceEqual(ReusableOf(existing)))
                ? existing
                : throw new ResourceConflictException(
                    $"{domain} has an Access application with other settings ('{existing.Name}'). "
                    + "Change it with Set-AccessApplication, or use it as it is.");
        }

        var application = wanted.ApplyTo(new AccessApplication { Domain = domain, Name = domain }, providers);
        return await api.Applications.CreateAsync(
            accountId, application, policies?.Select(id => new AccessPolicyLink(id)).ToArray(), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Changes the application that has the id; what the change does not name stays, known here or not.</summary>
    public async Task<AccessApplication> UpdateAsync(
        string applicationId, ApplicationChange change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        IReadOnlyList<string>? providers = await ProvidersAsync(change, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<string>? policies = await PoliciesAsync(change, cancellationToken).ConfigureAwait(false);
        AccessApplication current = await api.Applications
            .GetAsync(accountId, applicationId, cancellationToken).ConfigureAwait(false);
        return await api.Applications.UpdateAsync(
            accountId, change.ApplyTo(current, providers), policies is null ? null : Links(current, policies), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Ends every session and token of the application.</summary>
    public Task RevokeTokensAsync(string applicationId, CancellationToken cancellationToken) =>
        api.Applications.RevokeTokensAsync(accountId, applicationId, cancellationToken);

    public Task RemoveAsync(string applicationId, CancellationToken cancellationToken) =>
        api.Applications.DeleteAsync(accountId, applicationId, cancellationToken);

    private static bool Is(AccessApplication application, string identity) =>
        IsSame(application.Id, identity) || IsSame(application.Name, identity) || IsSame(application.Domain, identity)
        || application.SelfHostedDomains?.Any(domain => IsSame(domain, identity)) == true;

    // The account is asked only where something is not an id already.
    private async Task<IReadOnlyList<string>?> ProvidersAsync(ApplicationChange change, CancellationToken cancellationToken)
    {
        if (change.AllowedIdentityProviders is not { } names || names.All(name => Guid.TryParse(name, out _)))
        {
            return change.AllowedIdentityProviders;
        }

        var resolver = new AccessRuleResolver(api, accountId);
        var ids = new List<string>(names.Count);
        foreach (string name in names)
        {
            ids.Add(await resolver.IdentityProviderIdAsync(name, cancellationToken).ConfigureAwait(false));
        }

        return ids;
    }

    private async Task<IReadOnlyList<string>?> PoliciesAsync(ApplicationChange change, CancellationToken cancellationToken) =>
        change.Policies is null ? null : await new ReusablePolicyCatalog(api, accountId)
            .ResolveAsync(change.Policies, cancellationToken).ConfigureAwait(false);

    private static IEnumerable<string> ReusableOf(AccessApplication application) =>
        (application.Policies ?? []).Where(p => p.Reusable == true).OrderBy(p => p.Precedence).Select(p => p.Id);

    // The application's own policies would be removed if they were not named.
    private static AccessPolicyLink[] Links(AccessApplication application, IReadOnlyList<string> reusable)
    {
        AccessPolicyLink[] own = [.. (application.Policies ?? []).Where(p => p.Reusable != true)
            .Select(p => new AccessPolicyLink(p.Id, p.Precedence))];
        int last = own.Length == 0 ? 0 : own.Max(p => p.Precedence ?? own.Length);
        return [.. own, .. reusable.Select((id, place) => new AccessPolicyLink(id, last + place + 1))];
    }

    // Host names are compared without case (RFC 4343).
    private static bool IsSame(string? left, string? right) =>
        string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
