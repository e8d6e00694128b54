using System.Net;

namespace Tunnel.Access.Tests;

public class PolicyEvaluatorTests
{
    private static readonly AccessVisitor Alice = new() { Email = "alice@example.com", Address = IPAddress.Parse("10.1.2.3") };

    [Fact]
    public void The_verdict_names_the_policy_and_the_rule_that_decided()
    {
        var policy = Policy("Operators", AccessDecision.Allow, "bob@example.org", "@example.com");

        var verdict = PolicyEvaluator.Evaluate([policy], Alice);

        Assert.True(verdict.IsAllowed);
        Assert.Same(policy, verdict.Policy);
        Assert.Equal(new EmailDomainRule("example.com"), verdict.Rule);
        Assert.Equal("Policy 'Operators' (allow) matched by its rule '@example.com'.", verdict.Reason);
    }

    [Fact]
    public void Of_two_policies_that_match_the_lower_precedence_decides()
    {
        var allow = Policy("Allow", AccessDecision.Allow, "everyone") with { Precedence = 2 };
        var deny = Policy("Deny", AccessDecision.Deny, "alice@example.com") with { Precedence = 1 };

        Assert.Same(deny, PolicyEvaluator.Evaluate([allow, deny], Alice).Policy);
        Assert.Same(allow, PolicyEvaluator.Evaluate([allow with { Precedence = 0 }, deny], Alice) is { IsAllowed: true } ? allow : deny);
    }

    [Fact]
    public void Service_auth_and_bypass_come_before_a_deny_whatever_their_precedence()
    {
        var deny = Policy("Deny", AccessDecision.Deny, "everyone") with { Precedence = 1 };
        var service = Policy("Service", AccessDecision.NonIdentity, "service_token:one") with { Precedence = 9 };
        var bypass = Policy("Health", AccessDecision.Bypass, "10.0.0.0/8") with { Precedence = 9 };

        Assert.True(PolicyEvaluator.Evaluate([deny, service], new AccessVisitor { ServiceTokenId = "one" }).IsAllowed);
        Assert.True(PolicyEvaluator.Evaluate([deny, bypass], new AccessVisitor { Address = IPAddress.Parse("10.9.9.9") }).IsAllowed);
        Assert.False(PolicyEvaluator.Evaluate([deny, service], new AccessVisitor { ServiceTokenId = "two" }).IsAllowed);
    }

    [Fact]
    public void A_visitor_who_could_get_in_by_signing_in_is_told_so()
    {
        var verdict = PolicyEvaluator.Evaluate([Policy("Staff", AccessDecision.Allow, "@example.com")], new AccessVisitor());

        Assert.False(verdict.IsAllowed);
        Assert.True(verdict.NeedsIdentity);
        Assert.Contains("Staff", verdict.Reason, StringComparison.Ordinal);
        Assert.Contains("sign-in", verdict.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_deny_for_everyone_before_the_allow_makes_a_sign_in_pointless()
    {
        var deny = Policy("Closed", AccessDecision.Deny, "everyone") with { Precedence = 1 };
        var allow = Policy("Staff", AccessDecision.Allow, "@example.com") with { Precedence = 2 };

        Assert.False(PolicyEvaluator.Evaluate([deny, allow], new AccessVisitor()).NeedsIdentity);
    }

    [Fact]
    public void A_service_token_does_not_satisfy_an_allow_policy()
    {
        var policy = Policy("Tokens", AccessDecision.Allow, "any_valid_service_token");

        Assert.False(PolicyEvaluator.Evaluate([policy], new AccessVisitor { ServiceTokenId = "one" }).IsAllowed);
    }

    [Fact]
    public void An_unknown_selector_counts_against_the_visitor_in_a_deny_policy_too()
    {
        var deny = Policy("Countries", AccessDecision.Deny, """{"geo":{"country_code":"NZ"}}""") with { Precedence = 1 };
        var allow = Policy("Staff", AccessDecision.Allow, "everyone") with { Precedence = 2 };

        Assert.Same(deny, PolicyEvaluator.Evaluate([deny, allow], Alice).Policy);
    }

    [Fact]
    public void A_range_excludes_a_visitor_whose_address_is_not_known()
    {
        var policy = Policy("Staff", AccessDecision.Allow, "everyone") with { Exclude = [AccessRuleText.Parse("192.0.2.0/24")] };

        Assert.False(PolicyEvaluator.Evaluate([policy], Alice with { Address = null }).IsAllowed);
        Assert.True(PolicyEvaluator.Evaluate([policy], Alice).IsAllowed);
    }

    [Theory]
    [InlineData("ALICE@Example.COM", true)]
    [InlineData("alice@sub.example.com", false)]
    [InlineData("alice@example.com.evil.test", false)]
    [InlineData("alice@notexample.com", false)]
    [InlineData("example.com", false)]
    [InlineData("@example.com", false)]
    [InlineData("evil@evil.test@example.com", true)]
    public void A_domain_is_what_stands_behind_the_last_at_sign(string email, bool matches)
    {
        var policy = Policy("Staff", AccessDecision.Allow, "@example.com");

        Assert.Equal(matches, PolicyEvaluator.Evaluate([policy], new AccessVisitor { Email = email }).IsAllowed);
    }

    [Theory]
    [InlineData("10.0.0.0/8", "10.255.255.255", true)]
    [InlineData("10.0.0.0/8", "::ffff:10.0.0.1", true)]
    [InlineData("::ffff:10.0.0.0/104", "10.0.0.1", true)]
    [InlineData("10.0.0.0/8", "11.0.0.0", false)]
    [InlineData("0.0.0.0/0", "2001:db8::1", false)]
    [InlineData("2001:db8::/32", "2001:db8:1::1", true)]
    [InlineData("192.0.2.7", "192.0.2.7", true)]
    [InlineData("192.0.2.7", "192.0.2.8", false)]
    public void A_range_matches_the_addresses_in_it(string range, string address, bool matches)
    {
        var policy = Policy("Network", AccessDecision.Bypass, range);

        Assert.Equal(matches, PolicyEvaluator.Evaluate([policy], new AccessVisitor { Address = IPAddress.Parse(address) }).IsAllowed);
    }

    [Fact]
    public void A_refusal_says_of_each_policy_why_it_did_not_match()
    {
        var verdict = PolicyEvaluator.Evaluate(
            [
                Policy("Robots", AccessDecision.NonIdentity, "any_valid_service_token"),
                Policy("Office", AccessDecision.Allow, "everyone") with { Require = [AccessRuleText.Parse("192.0.2.0/24")] },
                Policy("Guests", AccessDecision.Allow, "everyone") with { Exclude = [AccessRuleText.Parse("@example.com")] },
                Policy("Others", AccessDecision.Allow, "bob@example.org"),
            ],
            Alice);

        Assert.Equal(
            "No policy matched. Policy 'Robots' (non_identity) wants a valid service token or client certificate. "
            + "Policy 'Office' (allow) requires '192.0.2.0/24'. Policy 'Guests' (allow) excludes '@example.com'. "
            + "Policy 'Others' (allow) includes no rule that matches.",
            verdict.Reason);
    }

    [Fact]
    public void A_refusal_says_which_facts_are_not_known()
    {
        var verdict = PolicyEvaluator.Evaluate(
            [
                Policy("Country", AccessDecision.Allow, "country:NZ", "device_posture:encrypted", "bob@example.org"),
                Policy("Lists", AccessDecision.Allow, "everyone") with { Exclude = [new EmailListRule("suspended")] },
                Policy("Proof", AccessDecision.Allow, "everyone") with { Require = [new AuthenticationMethodRule("mfa")] },
                Policy("Team", AccessDecision.Allow, "group:gone"),
            ],
            Alice);

        Assert.Equal(
            "No policy matched. Policy 'Country' (allow) includes no rule that matches ('country:NZ': the country of the "
            + "visitor's address is not known; 'device_posture:encrypted': the posture of devices is not known here). "
            + "Policy 'Lists' (allow) excludes 'email_list:suspended', and there is no such list here. "
            + "Policy 'Proof' (allow) requires 'auth_method:mfa', and the sign-in did not tell. "
            + "Policy 'Team' (allow) includes no rule that matches ('group:gone': there is no such group here).",
            verdict.Reason);
    }

    [Fact]
    public void A_group_is_named_by_its_name()
    {
        var groups = new AccessGroups([Group("g1", "Staff", "@example.com"), Group("g2", "Devices", "device_posture:x")]);
        var deny = Policy("Lost", AccessDecision.Deny, "group:g2");

        Assert.Equal("Policy 'Staff only' (allow) matched by its rule 'group:Staff'.",
            PolicyEvaluator.Evaluate([Policy("Staff only", AccessDecision.Allow, "group:g1")], Alice, groups).Reason);
        Assert.Equal(
            "Policy 'Lost' (deny) matched by its rule 'group:Devices', which counts against the visitor: "
            + "of its rule 'device_posture:x', the posture of devices is not known here.",
            PolicyEvaluator.Evaluate([deny], Alice, groups).Reason);
    }

    [Fact]
    public void Groups_nest_as_deep_as_the_bound_and_no_deeper()
    {
        var chain = Enumerable.Range(2, AccessGroups.MaxNesting)
            .Select(n => Group($"{n}", $"Level {n}", $"group:{n - 1}")).Prepend(Group("1", "Level 1", "everyone"));
        var groups = new AccessGroups(chain);
        bool Lets(int level) =>
            PolicyEvaluator.Evaluate([Policy("p", AccessDecision.Allow, $"group:{level}")], Alice, groups).IsAllowed;

        Assert.True(Lets(AccessGroups.MaxNesting));
        Assert.False(Lets(AccessGroups.MaxNesting + 1));
    }

    [Fact]
    public void A_group_that_contains_itself_lets_nobody_in_and_keeps_everybody_out()
    {
        var groups = new AccessGroups([Group("a", "A", "everyone", "group:b"), Group("b", "B", "group:a")]);
        var excluding = Policy("p", AccessDecision.Allow, "everyone") with { Exclude = [new GroupRule("b")] };

        Assert.False(PolicyEvaluator.Evaluate([Policy("p", AccessDecision.Allow, "group:a")], Alice, groups).IsAllowed);
        Assert.False(PolicyEvaluator.Evaluate([excluding], Alice, groups).IsAllowed);
        Assert.Contains("contains itself", PolicyEvaluator.Evaluate([excluding], Alice, groups).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Many_groups_that_share_their_groups_are_evaluated_at_once()
    {
        var many = Enumerable.Repeat("group:", 500);
        var groups = new AccessGroups(Enumerable.Range(2, AccessGroups.MaxNesting - 1)
            .Select(n => Group($"{n}", $"Level {n}", [.. many.Select(g => g + (n - 1))])).Prepend(Group("1", "Level 1", "country:NZ")));

        var verdict = PolicyEvaluator.Evaluate([Policy("p", AccessDecision.Allow, $"group:{AccessGroups.MaxNesting}")], Alice, groups);

        Assert.False(verdict.IsAllowed);
    }

    [Theory]
    [InlineData("0a1b", true)]
    [InlineData("ffff", false)]
    public void What_an_identity_provider_says_counts_for_that_provider_only(string provider, bool matches)
    {
        var visitor = Alice with
        {
            LoginMethodId = "0a1b",
            IdentityGroups = ["Admins", "ops@example.com", "example", "example/ops", "F00D"],
            Claims = new Dictionary<string, IReadOnlyList<string>> { ["role"] = ["reader", "admin"], ["acrs"] = ["c1"] },
        };

        Assert.All(
            [
                new LoginMethodRule(provider),
                new OktaGroupRule("Admins", provider),
                new GoogleGroupRule("ops@example.com", provider),
                new GitHubOrganizationRule("Example", provider),
                new GitHubOrganizationRule("example", provider, "ops"),
                new AzureGroupRule("f00d", provider),
                new OidcClaimRule("role", "admin", provider),
                new SamlAttributeRule("role", "reader", provider),
                new AuthenticationContextRule("x", "c1", provider),
            ],
            (AccessRule rule) => Assert.Equal(matches, PolicyEvaluator.Evaluate(
                [Policy("p", AccessDecision.Allow) with { Include = [rule] }], visitor).IsAllowed));
    }

    private static AccessGroup Group(string id, string name, params string[] include) =>
        new() { Id = id, Name = name, Include = [.. include.Select(AccessRuleText.Parse)] };

    private static AccessPolicy Policy(string name, AccessDecision decision, params string[] include) => new()
    {
        Id = name,
        Name = name,
        Decision = decision,
        Include = [.. include.Select(AccessRuleText.Parse)],
    };
}
