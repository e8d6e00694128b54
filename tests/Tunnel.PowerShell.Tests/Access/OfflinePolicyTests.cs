using System.Management.Automation;

namespace Tunnel.PowerShell.Tests.Access;

/// <summary>Policies are asked before they go live, with no account.</summary>
public sealed class OfflinePolicyTests : IDisposable
{
    private const string Policies =
        """
        $policies = @{ Name = 'out'; Decision = 'deny'; Include = 'eve@example.com' },
            @{ Name = 'staff'; Decision = 'Allow'; Include = 'group:operators'; Require = '10.0.0.0/8' },
            [pscustomobject] @{ Name = 'robots'; Decision = 'NonIdentity'; Include = 'service_token:ci', 'common_name:laptop' }
        $groups = @{ Name = 'operators'; Include = '@example.com'; Exclude = 'guest@example.com' }
        """;

    private readonly ModuleHost _host = new();

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData("-Email alice@example.com -IpAddress 10.1.2.3", true, "staff")]
    [InlineData("-Email eve@example.com -IpAddress 10.1.2.3", false, "out")]
    [InlineData("-Email guest@example.com -IpAddress 10.1.2.3", false, null)]
    [InlineData("-Email alice@example.com", false, null)]
    [InlineData("-ServiceToken ci", true, "robots")]
    [InlineData("-CommonName laptop", true, "robots")]
    [InlineData("-CommonName desktop", false, null)]
    public void Hashtables_are_policies_and_nobody_is_connected(string visitor, bool isAllowed, string? policy)
    {
        PSObject test = _host.RunOne($"{Policies}\nTest-AccessPolicy -Policy $policies -Group $groups {visitor}");

        Assert.Equal((isAllowed, policy), ((bool)test.Properties["IsAllowed"].Value, (string?)test.Properties["Policy"].Value));
    }

    [Fact]
    public void A_table_of_people_comes_through_the_pipeline() => Assert.Equal("True False", _host.RunOne(
        $$"""
        {{Policies}}
        $people = [pscustomobject] @{ Email = 'alice@example.com'; IpAddress = '10.0.0.1' },
            [pscustomobject] @{ Email = 'alice@example.com'; IpAddress = '192.0.2.1' }
        ($people | Test-AccessPolicy -Policy $policies -Group $groups).IsAllowed -join ' '
        """).ToString());

    [Fact]
    public void A_group_that_is_not_given_lets_nobody_in() => Assert.Equal("False", _host.RunOne(
        "(Test-AccessPolicy -Policy @{ Decision = 'Allow'; Include = 'group:nobody' } -Email alice@example.com).IsAllowed").ToString());

    [Fact]
    public void No_policies_let_nobody_in() => Assert.Equal("False", _host.RunOne(
        "(Test-AccessPolicy -Policy @() -Email alice@example.com).IsAllowed").ToString());

    [Theory]
    [InlineData("@{ Include = 'everyone' }", "needs a Decision")]
    [InlineData("@{ Decision = 'Allow'; Includ = 'everyone' }", "has no 'Includ'")]
    [InlineData("@{ Decision = 'Perhaps'; Include = 'everyone' }", "Perhaps")]
    [InlineData("@{ Decision = 'Allow'; Include = 'nobody at all' }", "nobody at all")]
    [InlineData("'staff'", "a hashtable with")]
    public void What_is_no_policy_is_told(string policy, string message) => Assert.Contains(
        message, _host.RunToError($"Test-AccessPolicy -Policy {policy} -Email alice@example.com").ToString(), StringComparison.Ordinal);

    [Fact]
    public void The_order_of_the_list_is_that_of_the_policies_unless_they_have_a_place()
    {
        const string Both = "@{ Name = 'in'; Decision = 'Allow'; Include = 'everyone' }, @{ Name = 'out'; Decision = 'Deny'; Include = 'everyone'";
        Assert.Equal("in", Text($"(Test-AccessPolicy -Policy ({Both} }}) -Email a@example.com).Policy"));
        Assert.Equal("out", Text($"(Test-AccessPolicy -Policy ({Both}; Precedence = 1 }}) -Email a@example.com).Policy"));
    }

    [Fact]
    public void A_comparison_shows_who_gains_and_who_loses_and_by_which_policy()
    {
        const string Script =
            """
            $before = @{ Name = 'staff'; Decision = 'Allow'; Include = '@example.com' }
            $after = @{ Name = 'no guests'; Decision = 'Deny'; Include = 'guest@example.com' },
                @{ Name = 'all'; Decision = 'Allow'; Include = '@example.com', '@example.org' }
            $seen = 'alice@example.com', 'guest@example.com', 'bob@example.org', 'mallory@example.net' |
                Compare-AccessPolicy -ReferencePolicy $before -DifferencePolicy $after
            """;
        Assert.Equal("guest@example.com=Loses(no guests) bob@example.org=Gains(all)", Text(
            Script + "\n($seen | ForEach-Object { \"$($_.Visitor.Email)=$($_.Effect)($($_.Policy))\" }) -join ' '"));
        Assert.Equal("StaysIn Loses Gains StaysOut", Text(
            Script.Replace("-DifferencePolicy", "-IncludeEqual -DifferencePolicy", StringComparison.Ordinal) + "\n$seen.Effect -join ' '"));
    }

    [Fact]
    public void Who_loses_by_a_policy_that_is_gone_loses_by_that_one() => Assert.Equal("staff", Text(
        "(Compare-AccessPolicy -ReferencePolicy @{ Name = 'staff'; Decision = 'Allow'; Include = '@example.com' } -DifferencePolicy @() " +
        "-Email alice@example.com).Policy"));

    private string Text(string script) => _host.RunOne(script).ToString();
}
