using System.Net;
using Tunnel.Access;
using Tunnel.Core.Api;

namespace Tunnel.Core.Applications;

/// <summary>
/// Asks an application's policies, as the account has them now, about visitors who need not exist. The account decides
/// about real visitors by the same rules; lists, devices and other facts that it alone knows count as not known.
/// </summary>
public sealed class AccessTester
{
    private readonly string _hostname;
    private readonly IReadOnlyList<AccessPolicy> _policies;
    private readonly AccessGroups _groups;

    /// <summary>Asks policies that need not be in any account.</summary>
    public AccessTester(string hostname, IReadOnlyList<AccessPolicy> policies, AccessGroups groups) =>
        (_hostname, _policies, _groups) = (hostname, policies, groups);

    /// <summary>Reads the policies of the application of that hostname, name or id, and the account's groups.</summary>
    /// <exception cref="ResourceNotFoundException">There is no such application.</exception>
    public static async Task<AccessTester> LoadAsync(
        TunnelApiClient api, string accountId, string application, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(api);
        AccessApplication found = await new ApplicationCatalog(api, accountId)
            .GetAsync(application, cancellationToken).ConfigureAwait(false);
        List<AccessPolicyResource> policies = await api.Policies
            .ListAsync(accountId, found.Id, cancellationToken).ToListAsync(cancellationToken).ConfigureAwait(false);
        List<AccessGroupResource> groups = await api.Groups
            .ListAsync(accountId, cancellationToken: cancellationToken).ToListAsync(cancellationToken).ConfigureAwait(false);
        return new AccessTester(
            found.Domain ?? application,
            [.. policies.Select(policy => policy.ToPolicy())],
            new AccessGroups(groups.Select(group => group.ToGroup())));
    }

    /// <summary>Reads an address; null and empty text are none.</summary>
    /// <exception cref="ArgumentException">Not an address.</exception>
    public static IPAddress? AddressOf(string? text) =>
        string.IsNullOrEmpty(text) ? null
        : IpRanges.TryParse(text, out IPNetwork range) && !text.Contains('/', StringComparison.Ordinal) ? range.BaseAddress
        : throw new ArgumentException($"'{text}' is not an IP address.", nameof(text));

    /// <summary>What the policies would say to the visitor.</summary>
    public AccessTest Test(AccessVisitor visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        AccessVerdict verdict = PolicyEvaluator.Evaluate(_policies, visitor, _groups);
        return new AccessTest
        {
            Hostname = _hostname,
            Visitor = visitor,
            IsAllowed = verdict.IsAllowed,
            Policy = verdict.Policy?.Name,
            Rule = verdict.Rule,
            NeedsIdentity = verdict.NeedsIdentity,
            Reason = verdict.Reason,
        };
    }
}
