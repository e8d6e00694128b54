using System.Management.Automation;

namespace Tunnel.PowerShell.Tests.Access;

public sealed class ApplicationChangeTests : IDisposable
{
    private readonly ConnectedHost _host = new();

    public ApplicationChangeTests() => _host.Host.Run(
        """
        New-AccessApplication ssh.example.test -Tag lab
        New-AccessPolicy -Name staff -Decision Allow -Include '@example.com'
        New-AccessPolicy -Name machines -Decision NonIdentity -Include any_valid_service_token
        """);

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Only_what_is_given_changes()
    {
        PSObject changed = _host.Host.RunOne(
            "Set-AccessApplication ssh.example.test -NewName Shell -SessionDuration 8h -DenyMessage 'Ask the desk.' -Confirm:$false");
        Assert.Equal(("Shell", "8h", "Ask the desk."), (Of(changed, "Name"), Of(changed, "SessionDuration"), Of(changed, "CustomDenyMessage")));

        _host.Host.Run("Get-AccessApplication | Set-AccessApplication -AutoRedirectToIdentity $true -Confirm:$false");
        PSObject read = _host.Host.RunOne("Get-AccessApplication Shell");
        Assert.Equal(("Shell", "8h", "Ask the desk."), (Of(read, "Name"), Of(read, "SessionDuration"), Of(read, "CustomDenyMessage")));
        Assert.Equal("lab", Text("(Get-AccessApplication Shell).Tags -join ','"));
        Assert.Equal("True", Of(read, "AutoRedirectToIdentity"));
    }

    [Fact]
    public void It_holds_the_reusable_policies_that_are_named_and_keeps_its_own()
    {
        _host.Host.Run("New-AccessPolicy ssh.example.test -Name own -Decision Deny -Include eve@example.com");
        _host.Host.Run("Set-AccessApplication ssh.example.test -Policy machines, staff -Confirm:$false");
        Assert.Equal("own, machines, staff", Held());
        _host.Host.Run("Set-AccessApplication ssh.example.test -Policy staff -Confirm:$false");
        Assert.Equal("own, staff", Held());
        _host.Host.Run("Set-AccessApplication ssh.example.test -Policy @() -Confirm:$false");
        Assert.Equal("own", Held());
    }

    [Fact]
    public void A_new_one_holds_policies_from_the_start_and_making_it_twice_gives_the_same()
    {
        const string Create = "New-AccessApplication web.example.test -Policy staff, machines -SessionDuration 1h -Type ssh";
        string id = Of(_host.Host.RunOne(Create), "Id");
        Assert.Equal(id, Of(_host.Host.RunOne(Create), "Id"));
        Assert.Equal("staff, machines", Text("(Get-AccessPolicy web.example.test).Name -join ', '"));

        ErrorRecord error = _host.Host.RunToError("New-AccessApplication web.example.test -Type ssh -Policy staff");
        Assert.StartsWith("ResourceConflict,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("Set-AccessApplication", error.ToString(), StringComparison.Ordinal);
        Assert.StartsWith(
            "ResourceNotFound,",
            _host.Host.RunToError("New-AccessApplication x.example.test -Policy nobody").FullyQualifiedErrorId,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_renamed_application_is_still_the_one_of_its_hostname()
    {
        _host.Host.Run("Set-AccessApplication ssh.example.test -NewName Shell -Confirm:$false; New-AccessApplication ssh.example.test");
        Assert.Equal("Shell", Text("(Get-AccessApplication).Name -join ','"));
    }

    [Fact]
    public void It_moves_to_another_hostname()
    {
        PSObject moved = _host.Host.RunOne("Set-AccessApplication ssh.example.test -NewHostname shell.example.test -Confirm:$false");
        Assert.Equal("shell.example.test", Of(moved, "Domain"));
        Assert.Equal("shell.example.test", Text("(Get-AccessApplication).SelfHostedDomains -join ','"));
    }

    [Fact]
    public void Identity_providers_are_allowed_by_name()
    {
        Assert.Equal("1", Text("(Set-AccessApplication ssh.example.test -AllowedIdentityProvider 'One-time PIN' -Confirm:$false).AllowedIdps.Count"));
        Assert.Contains(
            "'nobody'",
            _host.Host.RunToError("Set-AccessApplication ssh.example.test -AllowedIdentityProvider nobody -Confirm:$false").ToString(),
            StringComparison.Ordinal);
        Assert.Equal("0", Text("(Set-AccessApplication ssh.example.test -AllowedIdentityProvider @() -Confirm:$false).AllowedIdps.Count"));
    }

    [Fact]
    public void WhatIf_changes_nothing()
    {
        _host.Host.Run("Set-AccessApplication ssh.example.test -NewName Shell -Policy staff -WhatIf");
        Assert.Equal("ssh.example.test", Text("(Get-AccessApplication).Name"));
        Assert.Equal("", Held());
    }

    private string Held() => Text("(Get-AccessPolicy ssh.example.test).Name -join ', '");

    private string Text(string script) => _host.Host.RunOne(script).ToString();

    private static string Of(PSObject item, string property) => item.Properties[property].Value?.ToString() ?? "";
}
