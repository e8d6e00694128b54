using System.Net;
using System.Text.Json.Nodes;
using Tunnel.Access;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Identity;

/// <summary>
/// Asks the policies of an application about a visitor, after it has found out what they need to know and only asking
/// others can tell.
/// </summary>
internal sealed class PolicyDecider(CountryDatabase? countries, ExternalEvaluations external)
{
    private const int MaxTried = 6;

    /// <summary>The country of an address; null where it is not known.</summary>
    public string? CountryOf(IPAddress? address) => address is null ? null : countries?.Find(address);

    /// <summary>What the policies say to a visitor.</summary>
    /// <param name="policies">The application's, for this visitor.</param>
    /// <param name="audience">The application.</param>
    /// <param name="visitor">What was proven.</param>
    /// <param name="subject">What tells this visitor's proof from others'; null for a visitor who proved nothing.</param>
    /// <param name="identity">What endpoints of the account's owner are told of the visitor, if they are asked.</param>
    public async Task<PolicyDecision> DecideAsync(
        IReadOnlyList<AccessPolicy> policies, string audience, AccessVisitor visitor, string? subject, Func<JsonObject> identity,
        GatewaySnapshot snapshot, CancellationToken cancellationToken)
    {
        visitor = visitor with { Country = CountryOf(visitor.Address) };
        // Nobody in particular is nobody whom an endpoint could judge, and strangers shall not make the edge call others.
        if (subject is not null && PolicyEvaluator.ExternalEvaluations(policies, snapshot.Groups) is { Count: > 0 } endpoints)
        {
            visitor = visitor with
            {
                ExternalEvaluations = await external.AskAsync(
                    endpoints, new ExternalSubject(audience, subject, visitor.Address?.ToString() ?? ""), identity,
                    ApplicationTokens.Issuer(snapshot.Organization), cancellationToken).ConfigureAwait(false),
            };
        }

        return new PolicyDecision(PolicyEvaluator.Evaluate(policies, visitor, snapshot.Groups, snapshot.Lists), visitor);
    }

    /// <summary>Whether the policies could let a visitor in who has not proven yet what is said here, whatever endpoints answer.</summary>
    public bool Could(IReadOnlyList<AccessPolicy> policies, AccessVisitor visitor, GatewaySnapshot snapshot)
    {
        visitor = visitor with { Country = CountryOf(visitor.Address) };
        var endpoints = PolicyEvaluator.ExternalEvaluations(policies, snapshot.Groups).ToArray();
        // One answer may be wanted and another not. With more of them than can be tried out, who knows.
        return endpoints.Length > MaxTried || Enumerable.Range(0, 1 << endpoints.Length).Any(Would);

        bool Would(int answers) => PolicyEvaluator.Evaluate(
            policies,
            visitor with { ExternalEvaluations = endpoints.Index().ToDictionary(e => e.Item, e => (answers >> e.Index & 1) == 1) },
            snapshot.Groups, snapshot.Lists).IsAllowed;
    }
}
