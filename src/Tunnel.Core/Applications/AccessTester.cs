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
    private readonly IReadOnlyList<string> _loginMethods;

    /// <summary>Asks policies that need not be in any account.</summary>
    public AccessTester(string hostname, IReadOnlyList<AccessPolicy> policies, AccessGroups groups)
        : this(hostname, policies, groups, [])
    {
    }

    private AccessTester(
        string hostname, IReadOnlyList<AccessPolicy> policies, AccessGroups groups, IReadOnlyList<string> loginMethods) =>
        (_hostname, _policies, _groups, _loginMethods) = (hostname, policies, groups, loginMethods);

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
            [.. policies.Select(policy => policy.ToPolicy(found))],
            new AccessGroups(groups.Select(group => group.ToGroup())),
            found.AllowedIdps ?? []);
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
        // Who signed in elsewhere than the application allows is sent to sign in again: as a person, nobody yet.
        bool isElsewhere = visitor is { IsSignedIn: true, LoginMethodId: { } method } && _loginMethods.Count > 0
            && !_loginMethods.Contains(method, StringComparer.OrdinalIgnoreCase);
        AccessVerdict verdict = PolicyEvaluator.Evaluate(_policies, isElsewhere ? Stranger(visitor) : visitor, _groups);
        return new AccessTest
        {
            Hostname = _hostname,
            Visitor = visitor,
            IsAllowed = verdict.IsAllowed,
            Policy = verdict.Policy?.Name,
            Rule = verdict.Rule,
            NeedsIdentity = verdict.NeedsIdentity,
            Reason = isElsewhere
                ? $"the application does not allow this login method, so the sign-in does not count; {verdict.Reason}"
                : verdict.Reason,
        };
    }

    private static AccessVisitor Stranger(AccessVisitor visitor) => visitor with
    {
        Email = null,
        LoginMethodId = null,
        AuthenticationMethods = null,
        Claims = null,
        IdentityGroups = null,
    };
}
