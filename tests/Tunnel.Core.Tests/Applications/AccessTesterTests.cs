using System.Text.Json;
using Tunnel.Access;
using Tunnel.Core.Api;
using Tunnel.Core.Applications;

namespace Tunnel.Core.Tests.Applications;

public sealed class AccessTesterTests
{
    [Theory]
    [InlineData("approval_required", "true", false)]
    [InlineData("isolation_required", "true", false)]
    [InlineData("mfa_config", """{"allowed_authenticators":["totp"]}""", false)]
    [InlineData("approval_required", "false", true)]
    [InlineData("mfa_config", """{"mfa_disabled":true}""", true)]
    public void A_policy_that_asks_for_more_than_its_rules_is_not_told_to_let_people_in(string member, string value, bool isAllowed)
    {
        var policy = Policy(new Dictionary<string, JsonElement> { [member] = JsonElement.Parse(value) });

        AccessTest test = Tester(policy.ToPolicy()).Test(new AccessVisitor { Email = "alice@example.com" });

        Assert.Equal(isAllowed, test.IsAllowed);
    }

    [Fact]
    public void A_purpose_is_asked_for_and_keeps_nobody_out_who_gives_one()
    {
        var policy = Policy(new Dictionary<string, JsonElement> { ["purpose_justification_required"] = JsonElement.Parse("true") });

        AccessTest test = Tester(policy.ToPolicy()).Test(new AccessVisitor { Email = "alice@example.com" });

        Assert.True(test.IsAllowed);
        Assert.EndsWith("The sign-in asks for a purpose first.", test.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_has_to_be_approved_is_not_let_in_as_they_come()
    {
        var policy = Policy(new Dictionary<string, JsonElement> { ["approval_required"] = JsonElement.Parse("true") });

        AccessTest test = Tester(policy.ToPolicy()).Test(new AccessVisitor { Email = "alice@example.com" });

        Assert.Equal((false, true, policy.Name), (test.IsAllowed, test.NeedsApproval, test.Policy));
        Assert.EndsWith("But not before those that the policy names have approved.", test.Reason, StringComparison.Ordinal);
        Assert.False(Tester(policy.ToPolicy()).Test(new AccessVisitor()).NeedsApproval);
    }

    [Fact]
    public void Who_has_to_approve_is_named_by_the_policy_that_would_let_in()
    {
        PolicyProposal Asking(string name, string include, string approver) => new()
        {
            Name = name, Decision = AccessDecision.Allow, Include = [new EmailRule(include)], RequiresApproval = true,
            ApprovalGroups = [new AccessApprovalGroup { ApprovalsNeeded = 1, EmailAddresses = [approver] }],
        };
        var tester = AccessTester.Of([Asking("one", "bob@example.com", "boss@example.com"), Asking("two", "alice@example.com", "deputy@example.com")], [], []);

        Assert.EndsWith(
            "But not before an approval by 1 of deputy@example.com.", tester.Test(new AccessVisitor { Email = "alice@example.com" }).Reason,
            StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_application_asks_for_counts_too()
    {
        var application = new AccessApplication
        {
            Other = new Dictionary<string, JsonElement>
            {
                ["mfa_config"] = JsonElement.Parse("""{"allowed_authenticators":["totp"]}"""),
            },
        };

        AccessTest test = Tester(Policy(null).ToPolicy(application)).Test(new AccessVisitor { Email = "alice@example.com" });

        Assert.False(test.IsAllowed);
    }

    private static AccessTester Tester(AccessPolicy policy) => new("ssh.example.test", [policy], new AccessGroups([]));

    private static AccessPolicyResource Policy(Dictionary<string, JsonElement>? other) => new()
    {
        Name = "staff", Decision = AccessDecision.Allow, Include = [new EveryoneRule()], Other = other,
    };
}
