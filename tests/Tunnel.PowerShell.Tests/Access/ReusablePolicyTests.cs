using System.Management.Automation;

namespace Tunnel.PowerShell.Tests.Access;

public sealed class ReusablePolicyTests : IDisposable
{
    private readonly ConnectedHost _host = new();

    public ReusablePolicyTests() => _host.Host.Run(
        """
        New-AccessApplication a.example.test
        New-AccessApplication b.example.test
        New-AccessPolicy -Name staff -Decision Allow -Include '@example.com'
        """);

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Making_one_twice_gives_the_same_and_a_different_one_is_a_conflict()
    {
        Assert.Single(_host.Host.Run("New-AccessPolicy -Name staff -Decision Allow -Include '@example.com' | Out-Null; Get-AccessPolicy"));
        Assert.StartsWith(
            "ResourceConflict,",
            _host.Host.RunToError("New-AccessPolicy -Name staff -Decision Deny -Include everyone").FullyQualifiedErrorId,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Applications_from_the_pipeline_hold_it_and_a_policy_for_them_is_their_own()
    {
        _host.Host.Run("Get-AccessApplication | New-AccessPolicy -ReusablePolicy staff");
        _host.Host.Run("Get-AccessApplication | New-AccessPolicy -ReusablePolicy staff; Get-AccessApplication | New-AccessPolicy -Name own -Decision Deny -Include everyone");

        Assert.Equal("staff", Text("(Get-AccessPolicy).Name -join ','"));
        Assert.Equal("2", Text("(Get-AccessPolicy -Name staff).ApplicationCount"));
        Assert.Equal(
            "staff 1 True, own 2 False",
            Text("(Get-AccessPolicy b.example.test | ForEach-Object { \"$($_.Name) $($_.Precedence) $($_.IsReusable)\" }) -join ', '"));
    }

    [Fact]
    public void A_change_holds_for_every_application_and_one_of_them_cannot_change_it_alone()
    {
        _host.Host.Run("Get-AccessApplication | New-AccessPolicy -ReusablePolicy staff; Set-AccessPolicy -ReusablePolicy staff -Exclude eve@example.com -Confirm:$false");

        Assert.Equal("Allow @example.com; not eve@example.com", Text("(Get-AccessPolicy a.example.test).Summary"));
        ErrorRecord error = _host.Host.RunToError("Set-AccessPolicy a.example.test staff -Decision Deny -Confirm:$false");
        Assert.Contains("-ReusablePolicy", error.ToString(), StringComparison.Ordinal);
        Assert.Equal("Allow", Text("(Get-AccessPolicy a.example.test).Decision"));
    }

    [Fact]
    public void From_the_pipeline_each_kind_is_taken_for_what_it_is()
    {
        Assert.Equal("1", Text("(Get-AccessPolicy | New-AccessPolicy -Application a.example.test).Precedence"));
        Assert.Equal("3", Text("(Get-AccessPolicy a.example.test | Set-AccessPolicy -Precedence 3 -Confirm:$false).Precedence"));
        Assert.Equal("1", Text("(Get-AccessPolicy | Set-AccessPolicy -SessionDuration 1h -Confirm:$false).ApplicationCount"));
        Assert.Equal("3 1h", Text("(Get-AccessPolicy a.example.test | ForEach-Object { \"$($_.Precedence) $($_.SessionDuration)\" })"));
    }

    [Fact]
    public void Its_place_is_the_applications_own_matter()
    {
        _host.Host.Run("Get-AccessApplication | New-AccessPolicy -ReusablePolicy staff");
        Assert.Equal("7", Text("(Set-AccessPolicy a.example.test staff -Precedence 7 -Confirm:$false).Precedence"));
        Assert.Equal("1", Text("(Get-AccessPolicy b.example.test).Precedence"));
        Assert.StartsWith(
            "ResourceConflict,",
            _host.Host.RunToError("New-AccessPolicy a.example.test -ReusablePolicy staff -Precedence 3").FullyQualifiedErrorId,
            StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_taken_out_of_an_application_and_removed_when_none_holds_it()
    {
        _host.Host.Run("Get-AccessApplication | New-AccessPolicy -ReusablePolicy staff");
        ErrorRecord error = _host.Host.RunToError("Remove-AccessPolicy -ReusablePolicy staff -Confirm:$false");
        Assert.Contains("2 application(s)", error.ToString(), StringComparison.Ordinal);

        Assert.Empty(_host.Host.Run("Get-AccessApplication | Get-AccessPolicy | Remove-AccessPolicy -Confirm:$false; Get-AccessApplication | Get-AccessPolicy"));
        Assert.Single(_host.Host.Run("Get-AccessPolicy"));
        Assert.Empty(_host.Host.Run("Get-AccessPolicy | Remove-AccessPolicy -Confirm:$false; Get-AccessPolicy"));
    }

    [Fact]
    public void An_applications_own_policy_is_made_reusable_where_it_is()
    {
        _host.Host.Run("New-AccessPolicy a.example.test -Name own -Decision Deny -Include everyone");
        Assert.Equal("True", Text("(Set-AccessPolicy a.example.test own -MakeReusable -Confirm:$false).IsReusable"));
        Assert.Equal("1", Text("(Get-AccessPolicy -Name own).ApplicationCount"));
    }

    [Fact]
    public void WhatIf_makes_changes_attaches_and_removes_nothing()
    {
        _host.Host.Run(
            """
            New-AccessPolicy -Name other -Decision Allow -Include everyone -WhatIf
            New-AccessPolicy a.example.test -ReusablePolicy staff -WhatIf
            Set-AccessPolicy -ReusablePolicy staff -Decision Deny -WhatIf
            Remove-AccessPolicy -ReusablePolicy staff -WhatIf
            """);
        Assert.Equal("Allow @example.com", Text("(Get-AccessPolicy).Summary"));
        Assert.Empty(_host.Host.Run("Get-AccessPolicy a.example.test"));
    }

    [Fact]
    public void What_is_not_there_is_an_error_with_its_name()
    {
        Assert.StartsWith("ResourceNotFound,", _host.Host.RunToError("Remove-AccessPolicy -ReusablePolicy nobody").FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.StartsWith(
            "ResourceNotFound,",
            _host.Host.RunToError("New-AccessPolicy a.example.test -ReusablePolicy nobody").FullyQualifiedErrorId,
            StringComparison.Ordinal);
    }

    private string Text(string script) => _host.Host.RunOne(script).ToString();
}
