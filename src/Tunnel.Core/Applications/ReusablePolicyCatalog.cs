using System.Runtime.CompilerServices;
using Tunnel.Core.Api;

namespace Tunnel.Core.Applications;

/// <summary>The reusable policies of one account, by name or id.</summary>
public sealed class ReusablePolicyCatalog(TunnelApiClient api, string accountId)
{
    /// <summary>Those of that name or id; all of them when null.</summary>
    public async IAsyncEnumerable<ReusablePolicy> ListAsync(
        string? identity = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (AccessPolicyResource resource in api.ReusablePolicies
            .ListAsync(accountId, cancellationToken).ConfigureAwait(false))
        {
            if (identity is null || resource.Id == identity || IsSame(resource.Name, identity))
            {
                yield return ReusablePolicy.From(resource);
            }
        }
    }

    /// <summary>The one reusable policy of that name or id.</summary>
    /// <exception cref="ResourceNotFoundException">There is none.</exception>
    /// <exception cref="ResourceConflictException">There are several of that name.</exception>
    public async Task<ReusablePolicy> GetAsync(string identity, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(identity);
        ReusablePolicy? found = null;
        await foreach (ReusablePolicy policy in ListAsync(identity, cancellationToken).ConfigureAwait(false))
        {
            found = found is null ? policy : throw new ResourceConflictException(
                $"Several reusable policies are called '{identity}'. Name one by its id.");
        }

        return found ?? throw new ResourceNotFoundException(
            $"The account has no reusable policy '{identity}'. Create it with New-AccessPolicy, without -Application.");
    }

    /// <summary>The ids of the policies of those names or ids, in the same order.</summary>
    public async Task<IReadOnlyList<string>> ResolveAsync(
        IReadOnlyCollection<string> identities, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(identities);
        var ids = new List<string>(identities.Count);
        foreach (string identity in identities)
        {
            ids.Add((await GetAsync(identity, cancellationToken).ConfigureAwait(false)).Id);
        }

        return ids;
    }

    /// <summary>The policy as asked for: the one of that name that is there already, or a new one.</summary>
    /// <exception cref="ResourceConflictException">A policy of that name says something else.</exception>
    public async Task<ReusablePolicy> EnsureAsync(ReusablePolicy wanted, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        wanted = await ResolveAsync(wanted, cancellationToken).ConfigureAwait(false);
        await foreach (ReusablePolicy existing in ListAsync(wanted.Name, cancellationToken).ConfigureAwait(false))
        {
            return wanted.SaysTheSame(existing) ? existing : throw new ResourceConflictException(
                $"The account has a reusable policy '{wanted.Name}' that says something else. "
                + "Change it with Set-AccessPolicy -ReusablePolicy, for every application that holds it.");
        }

        return ReusablePolicy.From(await api.ReusablePolicies
            .CreateAsync(accountId, wanted.ToResource(), cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Replaces the policy that has the id, for every application that holds it.</summary>
    public async Task<ReusablePolicy> UpdateAsync(ReusablePolicy policy, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(policy);
        policy = await ResolveAsync(policy, cancellationToken).ConfigureAwait(false);
        AccessPolicyResource current = await api.ReusablePolicies
            .GetAsync(accountId, policy.Id, cancellationToken).ConfigureAwait(false);
        return ReusablePolicy.From(await api.ReusablePolicies
            .UpdateAsync(accountId, policy.ToResource(current), cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Removes a policy that no application holds.</summary>
    /// <exception cref="ResourceConflictException">An application holds it.</exception>
    public async Task RemoveAsync(ReusablePolicy policy, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(policy);
        if (policy.ApplicationCount > 0)
        {
            throw new ResourceConflictException(
                $"{policy.ApplicationCount} application(s) hold the reusable policy '{policy.Name}'. Take it out of them first, "
                + "with Remove-AccessPolicy -Application.");
        }

        await api.ReusablePolicies.DeleteAsync(accountId, policy.Id, cancellationToken).ConfigureAwait(false);
    }

    private Task<ReusablePolicy> ResolveAsync(ReusablePolicy policy, CancellationToken cancellationToken) =>
        PolicyDefinition.ResolveAsync(policy, new AccessRuleResolver(api, accountId), cancellationToken);

    private static bool IsSame(string left, string right) =>
        string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
