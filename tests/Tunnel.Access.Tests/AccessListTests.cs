using System.Net;

namespace Tunnel.Access.Tests;

public class AccessListTests
{
    private static readonly AccessLists s_lists = new(
    [
        new AccessList("l1", "Operators", AccessListKind.Email, ["alice@example.com", "not an address"]),
        new AccessList("l2", "Office", AccessListKind.Ip, ["10.1.2.3/8", "::ffff:192.0.2.0/120", "nowhere"]),
    ]);

    [Theory]
    [InlineData("alice@example.com", true)]
    [InlineData("ALICE@Example.COM", true)]
    [InlineData("bob@example.com", false)]
    [InlineData("alice@example.com.test", false)]
    [InlineData("not an address", false)]
    [InlineData(" alice@example.com", false)]
    public void An_e_mail_list_compares_as_the_email_rule_does(string email, bool matches) =>
        Assert.Equal(matches, Evaluate(new EmailListRule("L1"), new AccessVisitor { Email = email }).IsAllowed);

    [Theory]
    [InlineData("10.200.0.1", true)]
    [InlineData("::ffff:10.200.0.1", true)]
    [InlineData("192.0.2.7", true)]
    [InlineData("192.0.3.7", false)]
    [InlineData("2001:db8::1", false)]
    public void An_address_list_compares_as_the_ip_rule_does(string address, bool matches) => Assert.Equal(
        matches,
        Evaluate(new IpListRule("l2"), new AccessVisitor { Email = "bob@example.com", Address = IPAddress.Parse(address) }).IsAllowed);

    [Fact]
    public void A_reason_names_the_list_by_its_name_and_says_what_is_not_known_of_it()
    {
        var alice = new AccessVisitor { Email = "alice@example.com" };

        Assert.Equal("Policy 'p' (allow) matched by its rule 'email_list:Operators'.", Evaluate(new EmailListRule("l1"), alice).Reason);
        Assert.Contains("'email_list:gone': there is no such list here", Evaluate(new EmailListRule("gone"), alice).Reason, StringComparison.Ordinal);
        Assert.Contains("'email_list:Office': the list is one of IP addresses", Evaluate(new EmailListRule("l2"), alice).Reason, StringComparison.Ordinal);
        Assert.Contains("'ip_list:Operators': the list is one of e-mail addresses", Evaluate(new IpListRule("l1"), alice).Reason, StringComparison.Ordinal);
        Assert.Contains("'ip_list:Office': the visitor's address is not known", Evaluate(new IpListRule("l2"), alice).Reason, StringComparison.Ordinal);
        Assert.True(Evaluate(new EmailListRule("l1"), new AccessVisitor()).NeedsIdentity);
    }

    [Fact]
    public void A_list_that_is_not_there_keeps_everybody_out_where_it_excludes()
    {
        var policy = new AccessPolicy { Id = "p", Name = "p", Decision = AccessDecision.Allow, Include = [new EveryoneRule()] };
        bool LetsIn(AccessRule excluded) => PolicyEvaluator.Evaluate(
            [policy with { Exclude = [excluded] }], new AccessVisitor { Email = "bob@example.com", Address = IPAddress.Parse("192.0.3.1") },
            null, s_lists).IsAllowed;

        Assert.True(LetsIn(new EmailListRule("l1")));
        Assert.True(LetsIn(new IpListRule("l2")));
        Assert.False(LetsIn(new EmailListRule("gone")));
        Assert.False(LetsIn(new IpListRule("gone")));
    }

    [Fact]
    public void Rules_are_equal_by_the_id_of_the_list_whatever_its_case()
    {
        Assert.Equal(new EmailListRule("ABC"), new EmailListRule("abc"));
        Assert.Equal(new EmailListRule("ABC").GetHashCode(), new EmailListRule("abc").GetHashCode());
        Assert.NotEqual<AccessRule>(new EmailListRule("abc"), new IpListRule("abc"));
    }

    private static AccessVerdict Evaluate(AccessRule rule, AccessVisitor visitor) => PolicyEvaluator.Evaluate(
        [new AccessPolicy { Id = "p", Name = "p", Decision = AccessDecision.Allow, Include = [rule] }], visitor, null, s_lists);
}
