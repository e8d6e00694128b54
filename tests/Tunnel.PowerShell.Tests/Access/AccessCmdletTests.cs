using System.Management.Automation;
using System.Security;

namespace Tunnel.PowerShell.Tests.Access;

public sealed class AccessCmdletTests : IDisposable
{
    private readonly ConnectedHost _host = new();

    public AccessCmdletTests() => _host.Host.Run("New-AccessApplication ssh.example.test");

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Creating_an_application_twice_gives_the_same_and_a_different_one_is_a_conflict()
    {
        Assert.Single(_host.Host.Run("New-AccessApplication ssh.example.test | Out-Null; Get-AccessApplication"));

        ErrorRecord error = _host.Host.RunToError("New-AccessApplication ssh.example.test -Name other");

        Assert.Equal("ResourceConflict,Tunnel.PowerShell.Access.NewAccessApplication", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.ResourceExists, error.CategoryInfo.Category);
    }

    [Fact]
    public void Rules_are_typed_as_people_write_them()
    {
        PSObject policy = _host.Host.RunOne(
            """
            New-AccessPolicy ssh.example.test -Name mixed -Decision Allow `
                -Include everyone, '@example.com', alice@example.com, 10.0.0.0/8 -Exclude bob@example.com
            """);

        Assert.Equal("everyone, @example.com, alice@example.com, 10.0.0.0/8", Text("$args[0].Include -join ', '", policy));
        Assert.Equal("bob@example.com", Text("$args[0].Exclude -join ', '", policy));
    }

    [Fact]
    public void A_rule_that_cannot_be_read_says_what_could()
    {
        ErrorRecord error = _host.Host.RunToError("New-AccessPolicy ssh.example.test -Name bad -Decision Allow -Include 'no rule at all'");

        Assert.Contains("@example.com", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_service_token_is_a_rule_as_it_stands_and_the_APIs_name_of_a_decision_is_taken()
    {
        PSObject policy = _host.Host.RunOne(
            "$token = New-AccessServiceToken ci; New-AccessPolicy ssh.example.test -Name m -Decision non_identity -Include $token");

        Assert.Equal("NonIdentity", policy.Properties["Decision"].Value.ToString());
        Assert.Equal(Text("'service_token:' + (Get-AccessServiceToken ci).Id"), Text("\"$($args[0].Include)\"", policy));
    }

    [Fact]
    public void Creating_a_policy_twice_gives_the_same_and_a_different_one_is_a_conflict()
    {
        const string Create = "New-AccessPolicy ssh.example.test -Name staff -Decision Allow -Include '@example.com'";
        _host.Host.Run(Create);

        Assert.Single(_host.Host.Run($"{Create} | Out-Null; Get-AccessPolicy ssh.example.test"));
        Assert.StartsWith(
            "ResourceConflict,",
            _host.Host.RunToError("New-AccessPolicy ssh.example.test -Name staff -Decision Deny -Include everyone").FullyQualifiedErrorId,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Only_what_is_given_changes_in_a_policy()
    {
        PSObject changed = _host.Host.RunOne(
            """
            New-AccessPolicy ssh.example.test -Name staff -Decision Allow -Include '@example.com' -Exclude bob@example.com -SessionDuration 1h |
                Set-AccessPolicy -Decision Deny -Confirm:$false | Out-Null
            Get-AccessPolicy ssh.example.test staff
            """);

        Assert.Equal("Deny @example.com; not bob@example.com", changed.Properties["Summary"].Value);
        Assert.Equal("1h", changed.Properties["SessionDuration"].Value);
    }

    [Fact]
    public void WhatIf_changes_and_removes_nothing()
    {
        _host.Host.Run(
            """
            New-AccessPolicy ssh.example.test -Name staff -Decision Allow -Include '@example.com'
            Get-AccessApplication | Get-AccessPolicy | Set-AccessPolicy -Decision Deny -WhatIf
            Get-AccessApplication | Get-AccessPolicy | Remove-AccessPolicy -WhatIf
            Get-AccessApplication | Remove-AccessApplication -WhatIf
            New-AccessServiceToken nobody -WhatIf
            """);

        Assert.Equal("Allow", Text("(Get-AccessPolicy ssh.example.test).Decision"));
        Assert.Empty(_host.Host.Run("Get-AccessServiceToken"));
    }

    [Fact]
    public void Policies_and_applications_are_removed_through_the_pipeline()
    {
        Assert.Empty(_host.Host.Run(
            """
            New-AccessPolicy ssh.example.test -Name staff -Decision Allow -Include '@example.com' | Remove-AccessPolicy -Confirm:$false
            Get-AccessPolicy ssh.example.test
            Get-AccessApplication | Remove-AccessApplication -Confirm:$false
            Get-AccessApplication
            """));
    }

    [Fact]
    public void A_secret_is_told_once_and_nowhere_as_text()
    {
        PSObject token = _host.Host.RunOne("New-AccessServiceToken ci");
        var secret = Assert.IsType<SecureString>(token.Properties["ClientSecret"].Value);
        string plain = Text("$args[0].ToCredential().GetNetworkCredential().Password", token);

        Assert.True(secret.Length >= 32);
        Assert.Equal(secret.Length, plain.Length);
        Assert.DoesNotContain(token.Properties, property => property.Value?.ToString()?.Contains(plain, StringComparison.Ordinal) == true);
        Assert.Null(_host.Host.RunOne("Get-AccessServiceToken ci").Properties["ClientSecret"].Value);
    }

    [Fact]
    public void A_token_that_is_there_already_comes_back_without_its_secret_and_with_a_warning()
    {
        _host.Host.Run("New-AccessServiceToken ci");
        using System.Management.Automation.PowerShell shell = _host.Host.Create("New-AccessServiceToken ci");

        PSObject again = Assert.Single(shell.Invoke());

        Assert.Null(again.Properties["ClientSecret"].Value);
        Assert.Single(shell.Streams.Warning);
        Assert.Empty(_host.Host.Run("Get-AccessServiceToken | Remove-AccessServiceToken -Confirm:$false; Get-AccessServiceToken"));
    }

    [Fact]
    public void What_is_not_there_is_an_error_with_its_name()
    {
        ErrorRecord error = _host.Host.RunToError("Get-AccessPolicy nowhere.example.test");

        Assert.Equal("ResourceNotFound,Tunnel.PowerShell.Access.GetAccessPolicy", error.FullyQualifiedErrorId);
        Assert.Equal("nowhere.example.test", error.TargetObject);
    }

    private string Text(string script, params object?[] arguments) => _host.Host.RunOne(script, arguments).ToString();
}
