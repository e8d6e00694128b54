using System.Text.Json.Nodes;
using Tunnel.Access;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Identity.SignIn;

/// <summary>
/// What somebody signs in to who is asked to approve: not the application, which may not be for them, but what looks like one
/// at the team domain, with a policy that lets in whom the application's policy names, by the application's login methods.
/// </summary>
internal static class ApproverSignIn
{
    /// <summary>Null when the policy is gone, or names nobody.</summary>
    public static AccessApplicationRecord? Of(AccessApplicationRecord application, string policyId, AccessRequest request)
    {
        if (application.PolicyRecords.FirstOrDefault(p => p.Id.ToString("D") == policyId) is not { } policy
            || RulesOf(policy.Approvers(request.Snapshot.Lists)) is not { Count: > 0 } rules)
        {
            return null;
        }

        return application with
        {
            Name = $"{application.Name} (approvals)",
            Domains = [request.Organization.AuthDomain],
            Document = new JsonObject
            {
                ["allowed_idps"] = new JsonArray([.. application.Settings.AllowedIdentityProviders.Select(id => (JsonNode)id)]),
            }.ToJsonString(),
            PolicyRecords =
            [
                policy with
                {
                    Name = $"Approvers of {policy.Name}",
                    Decision = AccessDecision.Allow.ToApiString(),
                    Document = new JsonObject { ["include"] = rules }.ToJsonString(),
                },
            ],
        };
    }

    private static JsonArray RulesOf(IReadOnlyList<AccessApproverGroup> groups) =>
    [
        .. groups.SelectMany(group => group.Emails).Distinct().Select(email => (JsonNode)new JsonObject { ["email"] = new JsonObject { ["email"] = email } }),
        .. groups.Select(group => group.List?.Id).OfType<string>().Distinct()
            .Select(id => (JsonNode)new JsonObject { ["email_list"] = new JsonObject { ["id"] = id } }),
    ];

    /// <summary>The state of such a sign-in, which ends at the request's page.</summary>
    public static SignInState StateOf(AccessApproval approval, AccessApplicationRecord application, AccessRequest request) =>
        new(request.Hostname, request.Http.Request.Host.Port, application.Aud, $"{ApproverEndpoints.Path}/{approval.Id}", "")
        {
            Approval = approval.PolicyId,
        };
}
