using Tunnel.Access;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Identity;

/// <summary>The policies of an application that want to know what people come for.</summary>
internal static class PurposePolicies
{
    /// <summary>The policies for a person who said what is remembered in the session.</summary>
    /// <param name="application">The application.</param>
    /// <param name="session">Null for nobody, and for machines: they say nothing.</param>
    /// <param name="now">Words older than this are not counted; null: a token that was issued for them ends with them.</param>
    public static IReadOnlyList<AccessPolicy> For(
        AccessApplicationRecord application, AccessSessionRecord? session, DateTimeOffset? now = null) =>
        session is not { Purposes.Count: > 0 } ? application.Policies : [.. application.Policies.Select(policy => session.Purposes.Any(
            p => p.ApplicationId == application.Id && p.PolicyId == policy.Id && (now is null || now < p.ExpiresAt))
                ? AccessDemands.WithPurpose(policy) : policy)];

    /// <summary>The policies for a person who has said all that is asked for.</summary>
    public static IReadOnlyList<AccessPolicy> WhenTold(AccessApplicationRecord application) =>
        application.Policies.Any(AccessDemands.AsksForPurpose)
            ? [.. application.Policies.Select(AccessDemands.WithPurpose)] : application.Policies;

    /// <summary>The policy that lets the visitor in once it is told what for; null when there is none.</summary>
    /// <param name="application">The application.</param>
    /// <param name="told">What <see cref="WhenTold"/> says of the visitor.</param>
    public static AccessPolicy? Asking(AccessApplicationRecord application, AccessVerdict told) =>
        told is { IsAllowed: true, Policy: { } policy }
            ? application.Policies.FirstOrDefault(p => p.Id == policy.Id && AccessDemands.AsksForPurpose(p)) : null;
}
