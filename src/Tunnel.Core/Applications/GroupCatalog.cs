using System.Runtime.CompilerServices;
using Tunnel.Access;
using Tunnel.Core.Api;

namespace Tunnel.Core.Applications;

/// <summary>The Access groups of one account, by name or id. Rules may name groups, tokens and providers by name.</summary>
public sealed class GroupCatalog(TunnelApiClient api, string accountId)
{
    private readonly AccessRuleResolver _rules = new(api, accountId);

    /// <summary>Those of that name or id; all of them when null.</summary>
    public async IAsyncEnumerable<AccessGroupResource> ListAsync(
        string? identity = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (AccessGroupResource group in api.Groups
            .ListAsync(accountId, cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            if (identity is null || Is(group, identity))
            {
                yield return group;
            }
        }
    }

    /// <summary>The one group of that name or id.</summary>
    /// <exception cref="ResourceNotFoundException">There is none.</exception>
    /// <exception cref="ResourceConflictException">There are several of that name.</exception>
    public async Task<AccessGroupResource> GetAsync(string identity, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(identity);
        AccessGroupResource? found = null;
        await foreach (AccessGroupResource group in ListAsync(identity, cancellationToken).ConfigureAwait(false))
        {
            found = found is null ? group : throw new ResourceConflictException(
                $"Several Access groups are called '{identity}'. Name one by its id.");
        }

        return found ?? throw new ResourceNotFoundException(
            $"The account has no Access group '{identity}'. Create it with New-AccessGroup.");
    }

    /// <summary>The group as asked for: the one of that name that is there already, or a new one.</summary>
    /// <exception cref="ResourceConflictException">A group of that name says something else.</exception>
    public async Task<AccessGroupResource> EnsureAsync(AccessGroupResource wanted, CancellationToken cancellationToken)
    {
        AccessGroupResource group = await ResolveAsync(wanted, cancellationToken).ConfigureAwait(false);
        await foreach (AccessGroupResource existing in ListAsync(cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            if (!IsSame(existing.Name, group.Name))
            {
                continue;
            }

            return SaysTheSame(existing, group) ? existing : throw new ResourceConflictException(
                $"The account has an Access group '{group.Name}' that says something else. Change it with Set-AccessGroup.");
        }

        return await api.Groups.CreateAsync(accountId, group, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Replaces the group that has the id.</summary>
    public async Task<AccessGroupResource> UpdateAsync(AccessGroupResource group, CancellationToken cancellationToken) =>
        await api.Groups.UpdateAsync(
            accountId, await ResolveAsync(group, cancellationToken).ConfigureAwait(false), cancellationToken)
            .ConfigureAwait(false);

    /// <summary>Removes the group that has the id.</summary>
    /// <exception cref="ResourceConflictException">Policies or other groups name it; the message says which.</exception>
    public async Task RemoveAsync(string groupId, CancellationToken cancellationToken)
    {
        try
        {
            await api.Groups.DeleteAsync(accountId, groupId, cancellationToken).ConfigureAwait(false);
        }
        catch (TunnelApiException e) when (e.StatusCode is 400 or 409)
        {
            // The API says that it is in use, and not by what.
            var users = await new RuleUse(api, accountId).FindAsync(
                rule => rule is GroupRule named && IsSame(named.GroupId, groupId), _ => false, cancellationToken)
                .ConfigureAwait(false);
            if (users.Count == 0)
            {
                throw;
            }

            throw new ResourceConflictException(
                $"The Access group is in use: by {string.Join(", ", users)}. Take it out there, then remove it.", e);
        }
    }

    private async Task<AccessGroupResource> ResolveAsync(AccessGroupResource group, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(group);
        return group with
        {
            Include = await _rules.ResolveAsync(group.Include, cancellationToken).ConfigureAwait(false),
            Require = await _rules.ResolveAsync(group.Require, cancellationToken).ConfigureAwait(false),
            Exclude = await _rules.ResolveAsync(group.Exclude, cancellationToken).ConfigureAwait(false),
        };
    }

    private static bool SaysTheSame(AccessGroupResource one, AccessGroupResource other) =>
        one.Include.SequenceEqual(other.Include)
        && one.Require.SequenceEqual(other.Require)
        && one.Exclude.SequenceEqual(other.Exclude);

    private static bool Is(AccessGroupResource group, string identity) =>
        IsSame(group.Id, identity) || IsSame(group.Name, identity);

    private static bool IsSame(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
