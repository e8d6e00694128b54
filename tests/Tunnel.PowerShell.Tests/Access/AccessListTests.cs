using System.Management.Automation;

namespace Tunnel.PowerShell.Tests.Access;

public sealed class AccessListTests : IDisposable
{
    private readonly ConnectedHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void A_list_is_created_once_and_says_what_it_holds()
    {
        const string Create = "New-AccessList operators alice@example.com, bob@example.com";
        _host.Host.Run(Create);

        Assert.Equal("EMAIL 2", Text($"$list = {Create}; \"$($list.Type) $($list.Count)\""));
        Assert.Single(_host.Host.Run("New-AccessList OPERATORS BOB@example.com, alice@example.com, Alice@example.com | Out-Null; Get-AccessList"));
        Assert.Equal("alice@example.com bob@example.com", Text("\"$((Get-AccessList op* -IncludeItem).Items)\""));
        Assert.Equal("True", Text("$null -eq (Get-AccessList operators).Items"));
        ErrorRecord error = _host.Host.RunToError("New-AccessList operators carol@example.com");
        Assert.Equal("ResourceConflict,Tunnel.PowerShell.Access.NewAccessList", error.FullyQualifiedErrorId);
        Assert.Contains("Set-AccessList", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_type_is_what_the_items_are_or_is_said()
    {
        Assert.Equal("IP", Text("(New-AccessList offices 10.0.0.0/8, 2001:db8::1).Type"));
        Assert.Equal("EMAIL 0", Text("$list = New-AccessList later -Type Email; \"$($list.Type) $($list.Count)\""));
        Assert.Contains("-Type", _host.Host.RunToError("New-AccessList nothing").ToString(), StringComparison.Ordinal);
        Assert.Contains("-Type", _host.Host.RunToError("New-AccessList both alice@example.com, 10.0.0.1").ToString(), StringComparison.Ordinal);
        Assert.Contains("invalid email address", _host.Host.RunToError("New-AccessList wrong alice").ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Items_are_added_removed_and_replaced()
    {
        _host.Host.Run("New-AccessList operators alice@example.com, bob@example.com -Description 'On call'");

        Assert.Equal("alice@example.com carol@example.com", Text(
            "\"$((Set-AccessList operators -Add carol@example.com, ALICE@example.com -Remove Bob@example.com, eve@example.com -Confirm:$false).Items)\""));
        Assert.Equal("dave@example.com", Text("\"$((Get-AccessList | Set-AccessList -Item dave@example.com -Confirm:$false).Items)\""));
        Assert.Equal("0", Text("(Set-AccessList operators -Item @() -Confirm:$false).Count"));
        Assert.Equal("people, On call", Text("$list = Set-AccessList operators -NewName people -Confirm:$false; \"$list, $($list.Description)\""));
        Assert.Equal("", Text("(Set-AccessList people -Description '' -Confirm:$false).Description"));
        Assert.StartsWith("AmbiguousParameterSet,",
            _host.Host.RunToError("Set-AccessList people -Item a@example.com -Add b@example.com -Confirm:$false").FullyQualifiedErrorId,
            StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIf_changes_nothing()
    {
        _host.Host.Run(
            """
            New-AccessList nobody alice@example.com -WhatIf
            New-AccessList operators alice@example.com
            Set-AccessList operators -Add bob@example.com -WhatIf
            Set-AccessList operators -Item @() -WhatIf
            Get-AccessList | Remove-AccessList -WhatIf
            """);

        Assert.Equal("alice@example.com", Text("\"$((Get-AccessList -IncludeItem).Items)\""));
    }

    [Fact]
    public void A_list_is_a_rule_by_its_name_and_by_itself_and_stays_while_it_is_one()
    {
        _host.Host.Run("New-AccessList operators alice@example.com; New-AccessList offices 10.0.0.0/8; New-AccessApplication ssh.example.test");

        Assert.Equal("True True True", Text(
            """
            $people, $places = (Get-AccessList operators).Id, (Get-AccessList offices).Id
            @(
              "$(New-AccessRule -EmailList operators)" -eq "email_list:$people"
              "$(New-AccessRule ip_list:offices)" -eq "ip_list:$places"
              "$(Get-AccessList | New-AccessRule)" -eq "email_list:$people ip_list:$places"
            ) -join ' '
            """));
        _host.Host.Run("New-AccessPolicy ssh.example.test -Name staff -Decision Allow -Include email_list:operators -Require (Get-AccessList offices)");
        Assert.Contains("the policy 'staff' of ssh.example.test",
            _host.Host.RunToError("Remove-AccessList offices -Confirm:$false").ToString(), StringComparison.Ordinal);
        Assert.Contains("no list of IP addresses 'operators'", _host.Host.RunToError("New-AccessRule -IpList operators").ToString(), StringComparison.Ordinal);
        Assert.Empty(_host.Host.Run(
            "Remove-AccessPolicy ssh.example.test staff -Confirm:$false; Get-AccessList | Remove-AccessList -Confirm:$false; Get-AccessList"));
        Assert.StartsWith("ResourceNotFound,", _host.Host.RunToError("Remove-AccessList offices -Confirm:$false").FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void Policies_are_asked_with_what_the_accounts_lists_hold_now()
    {
        _host.Host.Run(
            """
            New-AccessApplication ssh.example.test
            New-AccessList operators alice@example.com
            New-AccessList offices 10.0.0.0/8
            New-AccessGroup staff -Include email_list:operators
            New-AccessPolicy ssh.example.test -Name staff -Decision Allow -Include group:staff -Require ip_list:offices
            """);
        const string Test = "(Test-AccessPolicy ssh.example.test -Email alice@example.com -IpAddress 10.1.2.3)";

        Assert.Equal("True", Text($"{Test}.IsAllowed"));
        Assert.Equal("alice@example.com Loses, bob@example.com Gains", Text(
            """
            $then = @{ Name = 'staff'; Decision = 'Allow'; Include = 'email_list:night' }
            New-AccessList night bob@example.com | Out-Null
            $all = 'alice@example.com', 'bob@example.com' | Compare-AccessPolicy ssh.example.test -DifferencePolicy $then -IpAddress 10.1.2.3
            ($all | ForEach-Object { "$($_.Visitor.Email) $($_.Effect)" }) -join ', '
            """));
        _host.Host.Run("Set-AccessList operators -Remove alice@example.com -Confirm:$false");
        Assert.Equal("False", Text($"{Test}.IsAllowed"));
    }

    [Fact]
    public void Lists_of_no_account_are_given_with_the_policies()
    {
        const string Policy = "@{ Name = 'staff'; Decision = 'Allow'; Include = 'email_list:operators'; Require = 'ip_list:offices' }";
        const string Lists = "@{ Name = 'operators'; Item = 'alice@example.com' }, @{ Name = 'offices'; Item = @(); Type = 'Ip' }";
        const string Visitor = "-Email alice@example.com -IpAddress 10.1.2.3";

        Assert.Equal("False", Text($"(Test-AccessPolicy -Policy {Policy} -List {Lists} {Visitor}).IsAllowed"));
        Assert.Equal("True", Text(
            $"(Test-AccessPolicy -Policy {Policy} -List {Lists.Replace("@()", "'10.0.0.0/8'", StringComparison.Ordinal)} {Visitor}).IsAllowed"));
        Assert.Contains("there is no such list", Text($"(Test-AccessPolicy -Policy {Policy} {Visitor}).Reason"), StringComparison.Ordinal);
        Assert.Equal("True", Text(
            """
            $list = New-AccessList operators alice@example.com
            $policy = @{ Name = 'staff'; Decision = 'Allow'; Include = (Get-AccessList operators) }
            (Test-AccessPolicy -Policy $policy -List (Get-AccessList -IncludeItem) -Email alice@example.com).IsAllowed
            """));
        Assert.Contains("-IncludeItem", _host.Host.RunToError($"Test-AccessPolicy -Policy {Policy} -List (Get-AccessList)").ToString(), StringComparison.Ordinal);
        Assert.Contains("'alice' in the list", _host.Host.RunToError(
            $"Test-AccessPolicy -Policy {Policy} -List @{{ Name = 'operators'; Item = 'alice' }}").ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("New-AccessGroup x -Include email_list:n", "'email_list:night shift'")]
    [InlineData("New-AccessRule -EmailList ", "'night shift'")]
    [InlineData("Set-AccessList ", "'night shift'")]
    public void Names_of_lists_are_completed(string typed, string expected)
    {
        _host.Host.Run("New-AccessList 'night shift' alice@example.com");

        Assert.Equal(expected, Text($"(TabExpansion2 \"{typed}\" {typed.Length}).CompletionMatches[0].CompletionText"));
    }

    private string Text(string script) => _host.Host.RunOne(script).ToString();
}
