namespace Tunnel.PowerShell.Tests.Access;

/// <summary>Policies that ask for a purpose, or for somebody's approval.</summary>
public sealed class PolicyApprovalTests : IDisposable
{
    private readonly ConnectedHost _host = new();

    public PolicyApprovalTests() => _host.Host.Run(
        """
        New-AccessApplication a.example.test
        New-AccessPolicy a.example.test -Name staff -Decision Allow -Include '@example.com' -PurposePrompt 'Which ticket?' -Approver boss@example.com, deputy@example.com
        """);

    public void Dispose() => _host.Dispose();

    [Fact]
    public void What_a_policy_asks_for_is_told_and_making_it_twice_gives_the_same()
    {
        Assert.Equal("1", Text("(New-AccessPolicy a.example.test -Name staff -Decision Allow -Include '@example.com' -RequirePurpose -Approver Deputy@example.com, boss@example.com).Precedence"));
        Assert.Equal(
            "Allow @example.com; asks for a purpose; approved by 1 of boss@example.com, deputy@example.com",
            Text("(Get-AccessPolicy a.example.test).Summary"));
        Assert.Equal("Which ticket?", Text("(Get-AccessPolicy a.example.test).PurposePrompt"));
        Assert.StartsWith(
            "ResourceConflict,",
            _host.Host.RunToError("New-AccessPolicy a.example.test -Name staff -Decision Allow -Include '@example.com' -Approver other@example.com").FullyQualifiedErrorId,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_change_of_something_else_keeps_who_has_to_approve()
    {
        _host.Host.Run("Set-AccessPolicy a.example.test staff -Exclude eve@example.com -Confirm:$false");
        Assert.Equal("1 of boss@example.com, deputy@example.com", Text("(Get-AccessPolicy a.example.test).Approval"));

        _host.Host.Run("Set-AccessPolicy a.example.test staff -ApprovalsNeeded 2 -Confirm:$false");
        Assert.Equal("2 of boss@example.com, deputy@example.com", Text("(Get-AccessPolicy a.example.test).Approval"));

        _host.Host.Run("Set-AccessPolicy a.example.test staff -RequirePurpose:$false -Approver @() -Confirm:$false");
        Assert.Equal("Allow @example.com; not eve@example.com", Text("(Get-AccessPolicy a.example.test).Summary"));
    }

    [Fact]
    public void Whoever_has_to_be_approved_is_told_so()
    {
        Assert.Equal(
            "False True staff", Text("Test-AccessPolicy a.example.test -Email alice@example.com | ForEach-Object { \"$($_.IsAllowed) $($_.NeedsApproval) $($_.Policy)\" }"));
        Assert.EndsWith(
            "But not before an approval by 1 of boss@example.com, deputy@example.com.",
            Text("(Test-AccessPolicy a.example.test -Email alice@example.com).Reason"), StringComparison.Ordinal);
        Assert.Equal("False", Text("(Test-AccessPolicy a.example.test -Email eve@example.org).IsAllowed"));
    }

    [Theory]
    [InlineData("-Approver 'boss'", "is not an email address")]
    [InlineData("-Approver boss@example.com -ApprovalsNeeded 2", "nobody would get in")]
    [InlineData("-ApprovalsNeeded 2", "nobody would get in")]
    public void Approvers_that_make_no_sense_are_refused(string parameters, string said)
    {
        Assert.Contains(
            said,
            _host.Host.RunToError($"New-AccessPolicy a.example.test -Name other -Decision Allow -Include everyone {parameters}").ToString(),
            StringComparison.Ordinal);
        Assert.Equal("staff", Text("(Get-AccessPolicy a.example.test).Name"));
    }

    private string Text(string script) => _host.Host.RunOne(script).ToString();
}
