using Tunnel.Access;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Tests.Store;

/// <summary>What a policy asks for and the edge cannot check keeps people out rather than being passed over.</summary>
public sealed class AccessDemandsTests
{
    [Theory]
    [InlineData("\"purpose_justification_required\":true")]
    [InlineData("\"approval_required\":true")]
    [InlineData("\"isolation_required\":true")]
    [InlineData("\"approval_required\":\"yes\"")]
    [InlineData("\"mfa_config\":{\"allowed_authenticators\":[\"totp\"]}")]
    [InlineData("\"mfa_config\":{\"session_duration\":\"1h\",\"mfa_disabled\":false}")]
    [InlineData("\"mfa_config\":5")]
    public void A_policy_that_asks_for_more_than_is_checked_lets_nobody_in(string demand)
    {
        foreach (var decision in new[] { "allow", "bypass", "non_identity" })
        {
            Assert.False(IsLetIn(Policy(decision, demand)));
        }
    }

    [Theory]
    [InlineData("\"purpose_justification_required\":false,\"purpose_justification_prompt\":\"Why?\"")]
    [InlineData("\"approval_required\":null,\"approval_groups\":[{\"approvals_needed\":1}]")]
    [InlineData("\"mfa_config\":{\"mfa_disabled\":true,\"session_duration\":\"1h\"}")]
    [InlineData("\"mfa_config\":{}")]
    [InlineData("\"mfa_config\":null")]
    public void What_asks_for_nothing_changes_nothing(string settings) => Assert.True(IsLetIn(Policy("allow", settings)));

    [Fact]
    public void A_purpose_meets_the_demand_for_it_and_no_other_rule()
    {
        var own = Policy("allow", "\"require\":[{\"purpose_justification_required\":true}],\"purpose_justification_required\":true").ToPolicy();
        Assert.Equal(2, own.Require.Count);
        Assert.Single(AccessDemands.WithPurpose(own).Require);
        var both = AccessDemands.WithPurpose(Policy("allow", "\"purpose_justification_required\":true,\"approval_required\":true").ToPolicy());
        Assert.Equal("approval_required", Assert.Single(both.Require).Selector);
        Assert.False(AccessDemands.AsksForPurpose(Policy("bypass", "\"purpose_justification_required\":true").ToPolicy()));
        Assert.False(AccessDemands.AsksForPurpose(Policy("allow", "\"purpose_justification_required\":\"yes\"").ToPolicy()));
    }

    [Fact]
    public void An_approval_meets_the_demand_for_it_and_no_other_rule()
    {
        var both = Policy("allow", "\"purpose_justification_required\":true,\"approval_required\":true").ToPolicy();
        Assert.Equal("purpose_justification_required", Assert.Single(AccessDemands.WithApproval(both).Require).Selector);
        Assert.Empty(AccessDemands.WithApproval(AccessDemands.WithPurpose(both)).Require);
        Assert.False(AccessDemands.AsksForApproval(Policy("bypass", "\"approval_required\":true").ToPolicy()));
        Assert.False(AccessDemands.AsksForApproval(Policy("allow", "\"approval_required\":\"yes\"").ToPolicy()));
    }

    [Fact]
    public void A_deny_policy_denies_whatever_it_asks_for()
    {
        var deny = Policy("deny", "\"approval_required\":true") with { Precedence = 1 };
        Assert.False(IsLetIn(deny, Policy("allow", "\"x\":1") with { Precedence = 2 }));
    }

    [Fact]
    public void An_applications_second_factor_is_asked_of_those_who_sign_in_unless_the_policy_waives_it()
    {
        const string Application = """{"mfa_config":{"allowed_authenticators":["security_key"]}}""";
        Assert.False(IsLetIn(Application, Policy("allow", "\"x\":1")));
        Assert.True(IsLetIn(Application, Policy("bypass", "\"x\":1")));
        Assert.True(IsLetIn(Application, Policy("allow", "\"mfa_config\":{\"mfa_disabled\":true}")));
    }

    [Fact]
    public void A_changed_copy_of_an_application_is_evaluated_by_its_own_document()
    {
        var open = Application("{}", Policy("allow", "\"x\":1"));
        Assert.Empty(open.Policies[0].Require);
        Assert.Empty(open.Settings.AllowedIdentityProviders);
        var closed = open with { Document = """{"mfa_config":{"session_duration":"1h"},"allowed_idps":["one"]}""" };
        Assert.Single(closed.Policies[0].Require);
        Assert.Equal(["one"], closed.Settings.AllowedIdentityProviders);
        Assert.Empty((open with { PolicyRecords = [] }).Policies);
    }

    private static bool IsLetIn(params AccessPolicyRecord[] policies) => IsLetIn("{}", policies);

    private static bool IsLetIn(string application, params AccessPolicyRecord[] policies) => PolicyEvaluator.Evaluate(
        Application(application, policies).Policies,
        new AccessVisitor { Email = "alice@example.com", ServiceTokenId = "t" }).IsAllowed;

    private static AccessApplicationRecord Application(string document, params AccessPolicyRecord[] policies) => new()
    {
        Id = Guid.NewGuid(), AccountId = "a", Aud = "b", Name = "app", Type = "self_hosted", Domains = ["a.example.test"],
        SessionDuration = TimeSpan.FromHours(1), PolicyRecords = policies, Document = document,
        CreatedAt = default, UpdatedAt = default,
    };

    private static AccessPolicyRecord Policy(string decision, string members) => new()
    {
        Id = Guid.NewGuid(), ApplicationId = Guid.NewGuid(), Name = decision, Decision = decision, Precedence = 1,
        Document = "{\"include\":[{\"everyone\":{}}]," + members + "}", CreatedAt = default, UpdatedAt = default,
    };
}
