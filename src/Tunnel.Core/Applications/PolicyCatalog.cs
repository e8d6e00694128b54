using System.Runtime.CompilerServices;
using Tunnel.Core.Api;

namespace Tunnel.Core.Applications;

/// <summary>The policies that one account's Access applications hold: their own and reusable ones.</summary>
public sealed class PolicyCatalog(TunnelApiClient api, string accountId)
{
    /// <summary>The application's policies of that name or id, in the order in which they are listed.</summary>
    public async IAsyncEnumerable<ApplicationPolicy> ListAsync(
        string applicationId,
        string? identity = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (AccessPolicyResource resource in api.Policies
            .ListAsync(accountId, applicationId, cancellationToken).ConfigureAwait(false))
        {
            if (identity is null || resource.Id == identity || IsSame(resource.Name, identity))
            {
                yield return ApplicationPolicy.From(applicationId, resource);
            }
        }
    }

    /// <summary>The application's one policy of that name or id.</summary>
    /// <exception cref="ResourceNotFoundException">There is none.</exception>
    /// <exception cref="ResourceConflictException">There are several of that name.</exception>
    public async Task<ApplicationPolicy> GetAsync(
        string applicationId, string identity, CancellationToken cancellationToken)
    {
        ApplicationPolicy? found = null;
        await foreach (ApplicationPolicy policy in ListAsync(applicationId, identity, cancellationToken)
            .ConfigureAwait(false))
        {
            found = found is null ? policy : throw new ResourceConflictException(
                $"Several policies of the application are called '{identity}'. Name one by its id.");
        }

        return found ?? throw new ResourceNotFoundException(
            $"The application has no policy '{identity}'. Create it with New-AccessPolicy.");
    }

    /// <summary>The policy as asked for: the one of that name that is there already, or a new one of the application's own.</summary>
    /// <exception cref="ResourceConflictException">A policy of that name says something else.</exception>
    public async Task<ApplicationPolicy> EnsureAsync(ApplicationPolicy wanted, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        wanted = await ResolveAsync(wanted, cancellationToken).ConfigureAwait(false);
        await foreach (ApplicationPolicy existing in ListAsync(wanted.ApplicationId, wanted.Name, cancellationToken)
            .ConfigureAwait(false))
        {
            return wanted.IsMetBy(existing) ? existing : throw new ResourceConflictException(
                $"The application has a policy '{wanted.Name}' that says something else. Change it with Set-AccessPolicy.");
        }

        AccessPolicyResource created = await api.Policies
            .CreateAsync(accountId, wanted.ApplicationId, wanted.ToResource() with { Precedence = wanted.Precedence }, cancellationToken)
            .ConfigureAwait(false);
        return ApplicationPolicy.From(wanted.ApplicationId, created);
    }

    /// <summary>Lets the application hold a reusable policy: at the place asked for, else as the last.</summary>
    /// <exception cref="ResourceConflictException">It holds it at another place.</exception>
    public async Task<ApplicationPolicy> AttachAsync(
        string applicationId, ReusablePolicy policy, int? precedence, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(policy);
        (AccessApplication application, List<ApplicationPolicy> present) =
            await ReadAsync(applicationId, cancellationToken).ConfigureAwait(false);
        if (present.Find(p => p.Id == policy.Id) is { } held)
        {
            return precedence is null || held.Precedence == precedence ? held : throw new ResourceConflictException(
                $"The application holds the policy '{policy.Name}' at the place {held.Precedence}. "
                + "Move it with Set-AccessPolicy -Precedence.");
        }

        int last = present.Count == 0 ? 0 : present.Max(p => p.Precedence ?? 0);
        await WriteAsync(
            application,
            [.. present.Select(p => p.ToLink()), new AccessPolicyLink(policy.Id, precedence ?? last + 1)],
            cancellationToken).ConfigureAwait(false);
        return await GetAsync(applicationId, policy.Id, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Replaces the policy that has the id. Of a reusable one only its place in the application can change here.</summary>
    /// <exception cref="ResourceConflictException">The policy is reusable, and says something else.</exception>
    public async Task<ApplicationPolicy> UpdateAsync(ApplicationPolicy policy, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(policy);
        policy = await ResolveAsync(policy, cancellationToken).ConfigureAwait(false);
        AccessPolicyResource current = await api.Policies
            .GetAsync(accountId, policy.ApplicationId, policy.Id, cancellationToken).ConfigureAwait(false);
        if (current.Reusable == true)
        {
            return await MoveAsync(policy, ApplicationPolicy.From(policy.ApplicationId, current), cancellationToken)
                .ConfigureAwait(false);
        }

        AccessPolicyResource updated = await api.Policies
            .UpdateAsync(
                accountId, policy.ApplicationId, policy.ToResource(current) with { Precedence = policy.Precedence }, cancellationToken)
            .ConfigureAwait(false);
        return ApplicationPolicy.From(policy.ApplicationId, updated);
    }

    /// <summary>Makes a reusable policy of one of the application's own; the application goes on to hold it.</summary>
    public async Task<ApplicationPolicy> MakeReusableAsync(ApplicationPolicy policy, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(policy);
        if (!policy.IsReusable)
        {
            await api.Policies.MakeReusableAsync(accountId, policy.ApplicationId, policy.Id, cancellationToken)
                .ConfigureAwait(false);
        }

        return await GetAsync(policy.ApplicationId, policy.Id, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Removes one of the application's own policies; a reusable one is only taken out of the application.</summary>
    public async Task RemoveAsync(ApplicationPolicy policy, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(policy);
        if (!policy.IsReusable)
        {
            await api.Policies.DeleteAsync(accountId, policy.ApplicationId, policy.Id, cancellationToken).ConfigureAwait(false);
            return;
        }

        (AccessApplication application, List<ApplicationPolicy> present) =
            await ReadAsync(policy.ApplicationId, cancellationToken).ConfigureAwait(false);
        await WriteAsync(
            application, [.. present.Where(p => p.Id != policy.Id).Select(p => p.ToLink())], cancellationToken)
            .ConfigureAwait(false);
    }

    private async Task<ApplicationPolicy> MoveAsync(
        ApplicationPolicy wanted, ApplicationPolicy held, CancellationToken cancellationToken)
    {
        if (wanted.Name != held.Name || !wanted.SaysTheSame(held))
        {
            throw new ResourceConflictException(
                $"The policy '{held.Name}' is reusable: other applications may hold it too. "
                + "Change it for all of them with Set-AccessPolicy -ReusablePolicy.");
        }

        if (wanted.Precedence is null || wanted.Precedence == held.Precedence)
        {
            return held;
        }

        (AccessApplication application, List<ApplicationPolicy> present) =
            await ReadAsync(wanted.ApplicationId, cancellationToken).ConfigureAwait(false);
        await WriteAsync(
            application,
            [.. present.Select(p => p.Id == wanted.Id ? wanted.ToLink() : p.ToLink())],
            cancellationToken).ConfigureAwait(false);
        return await GetAsync(wanted.ApplicationId, wanted.Id, cancellationToken).ConfigureAwait(false);
    }

    // One answer holds both, and the next call writes it: a policy that somebody adds has no more than that moment to get lost.
    private async Task<(AccessApplication Application, List<ApplicationPolicy> Policies)> ReadAsync(
        string applicationId, CancellationToken cancellationToken)
    {
        AccessApplication application = await api.Applications
            .GetAsync(accountId, applicationId, cancellationToken).ConfigureAwait(false);
        if (application.Policies is { } told)
        {
            return (application, [.. told.Select(policy => ApplicationPolicy.From(applicationId, policy))]);
        }

        return (application, await ListAsync(applicationId, null, cancellationToken).ToListAsync(cancellationToken).ConfigureAwait(false));
    }

    private Task<AccessApplication> WriteAsync(
        AccessApplication application, IReadOnlyList<AccessPolicyLink> policies, CancellationToken cancellationToken) =>
        api.Applications.UpdateAsync(accountId, application, policies, cancellationToken);

    private Task<ApplicationPolicy> ResolveAsync(ApplicationPolicy policy, CancellationToken cancellationToken) =>
        PolicyDefinition.ResolveAsync(policy, new AccessRuleResolver(api, accountId), cancellationToken);

    private static bool IsSame(string left, string right) =>
        string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
