using Tunnel.Access;
using Tunnel.Core.Api;

namespace Tunnel.Core.Applications;

/// <summary>
/// Puts ids in the place of the names that people give in rules: of groups, lists, service tokens and identity providers. The
/// account is asked only where something is not an id already, and once for each kind.
/// </summary>
public sealed class AccessRuleResolver(TunnelApiClient api, string accountId)
{
    private List<AccessGroupResource>? _groups;
    private List<AccessListResource>? _lists;
    private List<ServiceToken>? _tokens;
    private List<IdentityProvider>? _providers;

    /// <summary>Whether a name stands in the rule where the API takes an id.</summary>
    public static bool HasName(AccessRule rule) => rule switch
    {
        GroupRule group => IsName(group.GroupId),
        ListRule list => IsListName(list.ListId),
        ServiceTokenRule token => IsName(token.TokenId),
        IdentityProviderRule provided => IsName(provided.IdentityProviderId),
        _ => false,
    };

    /// <summary>The rules with ids in the place of names, in the same order.</summary>
    /// <exception cref="ResourceNotFoundException">The account has nothing of a name.</exception>
    /// <exception cref="ResourceConflictException">The account has several of a name.</exception>
    public async Task<IReadOnlyList<AccessRule>> ResolveAsync(
        IReadOnlyList<AccessRule> rules, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rules);
        var resolved = new List<AccessRule>(rules.Count);
        foreach (AccessRule rule in rules)
        {
            resolved.Add(await ResolveAsync(rule, cancellationToken).ConfigureAwait(false));
        }

        return resolved;
    }

    /// <summary>The rule with an id in the place of a name.</summary>
    /// <exception cref="ResourceNotFoundException">The account has nothing of the name.</exception>
    /// <exception cref="ResourceConflictException">The account has several of the name.</exception>
    public async Task<AccessRule> ResolveAsync(AccessRule rule, CancellationToken cancellationToken) => rule switch
    {
        GroupRule { GroupId: var name } group when IsName(name) =>
            group with { GroupId = await GroupIdAsync(name, cancellationToken).ConfigureAwait(false) },
        ListRule { ListId: var name } list when IsListName(name) =>
            list with { ListId = await ListIdAsync(list, cancellationToken).ConfigureAwait(false) },
        ServiceTokenRule { TokenId: var name } token when IsName(name) =>
            token with { TokenId = await ServiceTokenIdAsync(name, cancellationToken).ConfigureAwait(false) },
        IdentityProviderRule { IdentityProviderId: var name } provided when IsName(name) =>
            provided with
            {
                IdentityProviderId = await IdentityProviderIdAsync(name, cancellationToken).ConfigureAwait(false),
            },
        _ => rule,
    };

    /// <summary>The id of the group of that name or id.</summary>
    /// <exception cref="ResourceNotFoundException">There is none.</exception>
    /// <exception cref="ResourceConflictException">There are several.</exception>
    public async Task<string> GroupIdAsync(string name, CancellationToken cancellationToken)
    {
        _groups ??= await api.Groups.ListAsync(accountId, cancellationToken: cancellationToken)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        return Pick(
            _groups, name, group => group.Name, "Access group",
            "Get-AccessGroup shows those that there are, New-AccessGroup creates one.");
    }

    private async Task<string> ListIdAsync(ListRule rule, CancellationToken cancellationToken)
    {
        _lists ??= await api.Lists.ListAsync(accountId, cancellationToken: cancellationToken)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        bool isOfEmails = rule is EmailListRule;
        string type = isOfEmails ? AccessListResource.EmailType : AccessListResource.IpType;
        return Pick(
            _lists.Where(list => list.Type == type), rule.ListId, list => list.Name,
            isOfEmails ? "list of e-mail addresses" : "list of IP addresses",
            "Get-AccessList shows those that there are, New-AccessList creates one.");
    }

    /// <summary>The id of the service token of that name or id.</summary>
    /// <exception cref="ResourceNotFoundException">There is none.</exception>
    /// <exception cref="ResourceConflictException">There are several.</exception>
    public async Task<string> ServiceTokenIdAsync(string name, CancellationToken cancellationToken)
    {
        _tokens ??= await api.ServiceTokens.ListAsync(accountId, cancellationToken: cancellationToken)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        return Pick(
            _tokens, name, token => token.Name, "service token",
            "Get-AccessServiceToken shows those that there are, New-AccessServiceToken creates one.");
    }

    /// <summary>The id of the identity provider of that name or id.</summary>
    /// <exception cref="ResourceNotFoundException">There is none.</exception>
    /// <exception cref="ResourceConflictException">There are several.</exception>
    public async Task<string> IdentityProviderIdAsync(string name, CancellationToken cancellationToken)
    {
        _providers ??= await api.IdentityProviders.ListAsync(accountId, cancellationToken)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        return Pick(
            _providers, name, provider => provider.Name, "identity provider",
            "Get-AccessIdentityProvider shows those that there are, New-AccessIdentityProvider creates one.");
    }

    private static string Pick<T>(IEnumerable<T> all, string name, Func<T, string?> nameOf, string kind, string advice)
        where T : IApiResource
    {
        T[] found = [.. all.Where(item =>
            IsSame(item.Id, name) || IsSame(nameOf(item), name))];
        return found switch
        {
            [var one] => one.Id,
            [] => throw new ResourceNotFoundException($"The account has no {kind} '{name}'. {advice}"),
            _ => throw new ResourceConflictException($"Several of the account are called {kind} '{name}'. Name one by its id."),
        };
    }

    // Rules were written with the ids of lists in either form.
    private static bool IsListName(string text) => IsName(text) && !Guid.TryParseExact(text, "N", out _);

    private static bool IsName(string text) => !Guid.TryParseExact(text, "D", out _);

    private static bool IsSame(string? left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
