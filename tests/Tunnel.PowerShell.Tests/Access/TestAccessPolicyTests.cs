using System.Management.Automation;

namespace Tunnel.PowerShell.Tests.Access;

public sealed class TestAccessPolicyTests : IDisposable
{
    private readonly ConnectedHost _host = new();

    public TestAccessPolicyTests() => _host.Host.Run(
        """
        New-AccessApplication ssh.example.test | Out-Null
        $operators = New-AccessGroup operators -Include '@example.com' -Exclude eve@example.com
        New-AccessPolicy ssh.example.test -Name staff -Decision Allow -Include $operators -Require 10.0.0.0/8 | Out-Null
        New-AccessPolicy ssh.example.test -Name robots -Decision NonIdentity -Include (New-AccessServiceToken ci) | Out-Null
        """);

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData("-Email alice@example.com -IpAddress 10.1.2.3", true, "staff")]
    [InlineData("-Email eve@example.com -IpAddress 10.1.2.3", false, null)]
    [InlineData("-Email alice@example.com -IpAddress 192.0.2.1", false, null)]
    [InlineData("-Email alice@example.com", false, null)]
    [InlineData("-ServiceToken ci", true, "robots")]
    public void The_answer_is_what_the_policies_would_say(string visitor, bool isAllowed, string? policy)
    {
        PSObject test = _host.Host.RunOne($"Test-AccessPolicy ssh.example.test {visitor}");

        Assert.Equal((isAllowed, policy), ((bool)test.Properties["IsAllowed"].Value, (string?)test.Properties["Policy"].Value));
    }

    [Fact]
    public void A_refusal_says_why_and_whether_a_sign_in_could_help()
    {
        Assert.Contains("requires '10.0.0.0/8', and the visitor's address is not known",
            Text("(Test-AccessPolicy ssh.example.test -Email alice@example.com).Reason"), StringComparison.Ordinal);
        Assert.Equal("True", Text("(Test-AccessPolicy ssh.example.test -IpAddress 10.1.2.3).NeedsIdentity"));
    }

    [Fact]
    public void A_person_who_signed_in_by_a_method_that_the_application_does_not_allow_is_a_stranger()
    {
        const string Test = "Test-AccessPolicy ssh.example.test -Email alice@example.com -IpAddress 10.1.2.3 -LoginMethod";
        _host.Host.Run(
            """
            $secret = [Net.NetworkCredential]::new("", "s3cret").SecurePassword
            New-AccessIdentityProvider other -Type github -ClientId id -ClientSecret $secret | Out-Null
            Set-AccessApplication ssh.example.test -AllowedIdentityProvider other -Confirm:$false
            """);

        Assert.Equal("True", Text($"({Test} other).IsAllowed"));
        PSObject refused = _host.Host.RunOne($"{Test} (Get-AccessIdentityProvider | Where-Object Name -ne other).Id");
        Assert.False((bool)refused.Properties["IsAllowed"].Value);
        Assert.Contains("login method", (string)refused.Properties["Reason"].Value, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_of_people_comes_through_the_pipeline()
    {
        Assert.Equal("alice@example.com=True eve@example.com=False =True", Text(
            """
            $table = [pscustomobject] @{ Email = 'alice@example.com'; IpAddress = '10.0.0.1'; ServiceToken = '' },
                [pscustomobject] @{ Email = 'eve@example.com'; IpAddress = '10.0.0.1'; ServiceToken = '' },
                [pscustomobject] @{ Email = ''; IpAddress = ''; ServiceToken = 'ci' }
            ($table | Test-AccessPolicy ssh.example.test | ForEach-Object { "$($_.Visitor.Email)=$($_.IsAllowed)" }) -join ' '
            """));
    }

    [Fact]
    public void What_is_no_address_is_an_error() => Assert.StartsWith(
        "ArgumentNotUsable,",
        _host.Host.RunToError("Test-AccessPolicy ssh.example.test -IpAddress 10.0.0.0/8").FullyQualifiedErrorId,
        StringComparison.Ordinal);

    private string Text(string script) => _host.Host.RunOne(script).ToString();
}
