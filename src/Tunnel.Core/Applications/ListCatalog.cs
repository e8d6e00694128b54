using System.Runtime.CompilerServices;
using Tunnel.Access;
using Tunnel.Core.Api;

namespace Tunnel.Core.Applications;

/// <summary>The lists of one account, by name or id.</summary>
public sealed class ListCatalog(TunnelApiClient api, string accountId)
{
    /// <summary>Those of that name or id; all of them when null. Without their entries.</summary>
    public async IAsyncEnumerable<AccessListResource> ListAsync(
        string? identity = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (AccessListResource list in api.Lists.ListAsync(accountId, null, cancellationToken).ConfigureAwait(false))
        {
            if (identity is null || IsSame(list.Id, identity) || IsSame(list.Name, identity))
            {
                yield return list with { Items = null };
            }
        }
    }

    /// <summary>The one list of that name or id, with its entries.</summary>
    /// <exception cref="ResourceNotFoundException">There is none.</exception>
    /// <exception cref="ResourceConflictException">There are several of that name.</exception>
    public async Task<AccessListResource> GetAsync(string identity, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(identity);
        AccessListResource? found = null;
        await foreach (AccessListResource list in ListAsync(identity, cancellationToken).ConfigureAwait(false))
        {
            found = found is null ? list : throw new ResourceConflictException(
                $"Several lists are called '{identity}'. Name one by its id.");
        }

        return found is null
            ? throw new ResourceNotFoundException($"The account has no list '{identity}'. Create it with New-AccessList.")
            : await WithItemsAsync(found, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The list with its entries as they are now.</summary>
    public async Task<AccessListResource> WithItemsAsync(AccessListResource list, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(list);
        List<AccessListItem> items = await api.Lists.ListItemsAsync(accountId, list.Id, cancellationToken)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        return list with { Items = items, Count = items.Count };
    }

    /// <summary>The list as asked for: the one of that name that is there already, or a new one.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type"><see cref="AccessListResource.EmailType"/> or <see cref="AccessListResource.IpType"/>; null: what the values are.</param>
    /// <param name="values">What it holds.</param>
    /// <param name="description">What it is for; null: nothing, or what it says already.</param>
    /// <param name="cancellationToken">Stops the calls.</param>
    /// <exception cref="ArgumentException">No type is given, and the values do not tell.</exception>
    /// <exception cref="ResourceConflictException">A list of that name holds something else.</exception>
    public async Task<AccessListResource> EnsureAsync(
        string name, string? type, IReadOnlyList<string> values, string? description, CancellationToken cancellationToken)
    {
        var wanted = new AccessListResource
        {
            Name = name,
            Type = type ?? TypeOf(values),
            Description = description,
            Items = [.. values.Select(value => new AccessListItem { Value = value })],
        };
        await foreach (AccessListResource existing in ListAsync(cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            if (!IsSame(existing.Name, name))
            {
                continue;
            }

            AccessListResource whole = await WithItemsAsync(existing, cancellationToken).ConfigureAwait(false);
            return whole.Type == wanted.Type && (description is null || (whole.Description ?? "") == description)
                && ListChange.Values(whole).SetEquals(ListChange.Values(wanted))
                ? whole
                : throw new ResourceConflictException(
                    $"The account has a list '{name}' that holds something else. Change it with Set-AccessList.");
        }

        (IReadOnlyList<string> once, _) = new ListChange { Add = values }.Against(wanted with { Items = null });
        AccessListResource made = await api.Lists.CreateAsync(
            accountId, wanted with { Items = [.. once.Select(value => new AccessListItem { Value = value })] }, cancellationToken)
            .ConfigureAwait(false);
        return made with { Items = made.Items ?? wanted.Items, Count = made.Count ?? once.Count };
    }

    /// <summary>What the change would do to the list, in words.</summary>
    public static string Describe(AccessListResource list, ListChange change)
    {
        ArgumentNullException.ThrowIfNull(list);
        ArgumentNullException.ThrowIfNull(change);
        (IReadOnlyList<string> add, IReadOnlyList<string> remove) = change.Against(list);
        string[] parts =
        [
            .. change.Name is null ? Array.Empty<string>() : [$"name it '{change.Name}'"],
            .. change.Description is null ? Array.Empty<string>() : [$"describe it as '{change.Description}'"],
            .. add.Count == 0 ? Array.Empty<string>() : [$"add {Shown(add)}"],
            .. remove.Count == 0 ? Array.Empty<string>() : [$"remove {Shown(remove)}"],
        ];
        return parts.Length == 0 ? "nothing: it says so already" : string.Join("; ", parts);
    }

    /// <summary>Changes a list, and gives it back with its entries.</summary>
    /// <param name="list">The list as it is, with its entries.</param>
    /// <param name="change">What to change.</param>
    /// <param name="cancellationToken">Stops the calls.</param>
    public async Task<AccessListResource> UpdateAsync(
        AccessListResource list, ListChange change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(list);
        ArgumentNullException.ThrowIfNull(change);
        (IReadOnlyList<string> add, IReadOnlyList<string> remove) = change.Against(list);
        AccessListResource changed = list;
        if (add.Count + remove.Count > 0)
        {
            changed = await api.Lists.EditAsync(
                accountId, list.Id, [.. add.Select(value => new AccessListItem { Value = value })], remove, cancellationToken)
                .ConfigureAwait(false);
        }

        if (change.Name is not null || change.Description is not null)
        {
            changed = await api.Lists.RenameAsync(
                accountId,
                list with { Name = change.Name ?? list.Name, Description = change.Description ?? list.Description },
                cancellationToken).ConfigureAwait(false);
        }

        return await WithItemsAsync(changed, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Removes the list that has the id.</summary>
    /// <exception cref="ResourceConflictException">Policies or groups name it; the message says which.</exception>
    public async Task RemoveAsync(string listId, CancellationToken cancellationToken)
    {
        try
        {
            await api.Lists.DeleteAsync(accountId, listId, cancellationToken).ConfigureAwait(false);
        }
        catch (TunnelApiException e) when (e.StatusCode is 400 or 409)
        {
            // The API says that it is in use, and not by what.
            var users = await new RuleUse(api, accountId).FindAsync(
                rule => rule is ListRule named && IsSame(named.ListId, listId),
                approvers => approvers.EmailListUuid is { } named && IsSame(named, listId),
                cancellationToken).ConfigureAwait(false);
            if (users.Count == 0)
            {
                throw;
            }

            throw new ResourceConflictException(
                $"The list is in use: by {string.Join(", ", users)}. Take it out there, then remove it.", e);
        }
    }

    /// <summary>The lists that rules name, as the evaluator takes them. What the account does not have is left out.</summary>
    internal async Task<AccessLists> LoadAsync(IEnumerable<AccessRule> rules, CancellationToken cancellationToken)
    {
        var lists = new List<AccessList>();
        foreach (string id in rules.OfType<ListRule>().Select(rule => rule.ListId).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            try
            {
                AccessListResource list = await api.Lists.GetAsync(accountId, id, cancellationToken).ConfigureAwait(false);
                if (await ToListAsync(list with { Id = id }, cancellationToken).ConfigureAwait(false) is { } known)
                {
                    lists.Add(known);
                }
            }
            catch (TunnelApiException e) when (e.StatusCode == 404)
            {
                // A rule of a list that is gone matches nobody, here as there.
            }
        }

        return new AccessLists(lists);
    }

    private async Task<AccessList?> ToListAsync(AccessListResource list, CancellationToken cancellationToken) =>
        KindOf(list.Type) is { } kind
            ? new AccessList(list.Id, list.Name, kind, await api.Lists.ListItemsAsync(accountId, list.Id, cancellationToken)
                .Select(item => item.Value).ToListAsync(cancellationToken).ConfigureAwait(false))
            : null;

    /// <summary>The type of list that holds such values.</summary>
    /// <exception cref="ArgumentException">There are none, or they are of both types.</exception>
    public static string TypeOf(IReadOnlyList<string> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        bool[] are = [.. values.Select(value => IpRanges.TryParse(value, out _)).Distinct()];
        return are switch
        {
            [true] => AccessListResource.IpType,
            [false] => AccessListResource.EmailType,
            _ => throw new ArgumentException(
                "A list holds e-mail addresses or IP addresses. Say which with -Type Email or -Type Ip.", nameof(values)),
        };
    }

    internal static AccessListKind? KindOf(string type) => type switch
    {
        AccessListResource.EmailType => AccessListKind.Email,
        AccessListResource.IpType => AccessListKind.Ip,
        _ => null,
    };

    private static string Shown(IReadOnlyList<string> values) =>
        values.Count <= 5 ? string.Join(", ", values) : $"{string.Join(", ", values.Take(4))} and {values.Count - 4} more";

    private static bool IsSame(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
