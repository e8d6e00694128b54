using System.Management.Automation;

namespace Tunnel.PowerShell.Tests.Access;

public sealed class AccessRuleCmdletTests : IDisposable
{
    private readonly ConnectedHost _host = new();

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData("-Everyone", "everyone")]
    [InlineData("-Email alice@example.com, bob@example.com", "alice@example.com bob@example.com")]
    [InlineData("-EmailDomain '@example.com', example.org", "@example.com @example.org")]
    [InlineData("-IpRange 10.1.2.3/8, 2001:db8::1", "10.0.0.0/8 2001:db8::1")]
    [InlineData("-Country nz, T1", "country:NZ country:T1")]
    [InlineData("-AnyValidServiceToken", "any_valid_service_token")]
    [InlineData("-AuthenticationMethod mfa", "auth_method:mfa")]
    [InlineData("-Certificate", "certificate")]
    [InlineData("-CommonName build, 'a b'", "common_name:build common_name:a b")]
    [InlineData("-EmailList 6ff42ae2-765d-4adf-8112-31c55c1551ef", "email_list:6ff42ae2-765d-4adf-8112-31c55c1551ef")]
    [InlineData("-IpList aa0a4aab672b4bdbbc33a59b8283a8ed", "ip_list:aa0a4aab672b4bdbbc33a59b8283a8ed")]
    [InlineData("-DevicePosture d1", "device_posture:d1")]
    [InlineData("-LinkedApplication l1", "linked_app_token:l1")]
    [InlineData("-UserRiskScore low, high", "user_risk_score:low,high")]
    [InlineData("-AccountMember f1", "cloudflare_account_member:f1")]
    [InlineData("everyone, country:NZ", "everyone country:NZ")]
    public void A_selector_with_one_value_is_a_parameter(string arguments, string expected) =>
        Assert.Equal(expected, Text($"(New-AccessRule {arguments}) -join ' '"));

    [Theory]
    [InlineData("-OidcClaim role -Value admin", """{"oidc":{"claim_name":"role","claim_value":"admin","identity_provider_id":"ID"}}""")]
    [InlineData("-SamlAttribute role -Value admin", """{"saml":{"attribute_name":"role","attribute_value":"admin","identity_provider_id":"ID"}}""")]
    [InlineData("-GitHubOrganization example -Team ops", """{"github-organization":{"identity_provider_id":"ID","name":"example","team":"ops"}}""")]
    [InlineData("-OktaGroup Admins", """{"okta":{"identity_provider_id":"ID","name":"Admins"}}""")]
    [InlineData("-GoogleGroup ops@example.com", """{"gsuite":{"email":"ops@example.com","identity_provider_id":"ID"}}""")]
    [InlineData("-EntraGroup f00d", """{"azureAD":{"id":"f00d","identity_provider_id":"ID"}}""")]
    [InlineData("-AuthenticationContext x1 -ContextId c1", """{"auth_context":{"id":"x1","ac_id":"c1","identity_provider_id":"ID"}}""")]
    public void What_an_identity_provider_tells_is_a_rule_with_its_id(string arguments, string expected)
    {
        const string Id = "6ff42ae2-765d-4adf-8112-31c55c1551ef";

        Assert.Equal(expected.Replace("ID", Id, StringComparison.Ordinal), Text($"\"$(New-AccessRule {arguments} -IdentityProvider {Id})\""));
    }

    [Fact]
    public void An_external_evaluation_has_two_addresses_and_both_are_https()
    {
        Assert.Equal(
            """{"external_evaluation":{"evaluate_url":"https://example.com/ask","keys_url":"https://example.com/keys"}}""",
            Text("\"$(New-AccessRule -ExternalEvaluation https://example.com/ask -KeysUrl https://example.com/keys)\""));
        Assert.StartsWith(
            "AccessRuleNotReadable,",
            _host.Host.RunToError("New-AccessRule -ExternalEvaluation http://example.com -KeysUrl https://example.com").FullyQualifiedErrorId,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-Country 'New Zealand'", "New Zealand")]
    [InlineData("-Email alice", "alice")]
    [InlineData("-IpRange 10.0.0.0/99", "10.0.0.0/99")]
    public void A_value_that_is_none_is_an_error_that_names_it(string arguments, string named)
    {
        ErrorRecord error = _host.Host.RunToError($"New-AccessRule {arguments}");

        Assert.Equal("AccessRuleNotReadable,Tunnel.PowerShell.Access.NewAccessRule", error.FullyQualifiedErrorId);
        Assert.Contains(named, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void No_account_is_needed_where_no_name_is_given()
    {
        Assert.Equal("@example.com everyone", Text("Disconnect-TunnelAccount; ('@example.com', 'everyone' | New-AccessRule) -join ' '"));
        Assert.StartsWith(
            "AccountNotConnected,",
            _host.Host.RunToError("New-AccessRule -Group operators").FullyQualifiedErrorId,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Names_of_groups_and_service_tokens_become_their_ids()
    {
        _host.Host.Run("New-AccessGroup 'night shift' -Include everyone; New-AccessServiceToken deploy");

        Assert.Equal("True True True True", Text(
            """
            $group, $token = (Get-AccessGroup).Id, (Get-AccessServiceToken).Id
            @("$(New-AccessRule -Group 'Night Shift')" -eq "group:$group"
              "$(New-AccessRule -ServiceToken deploy)" -eq "service_token:$token"
              "$(Get-AccessGroup | New-AccessRule)" -eq "group:$group"
              "$('service_token:deploy' | New-AccessRule)" -eq "service_token:$token") -join ' '
            """));
    }

    [Fact]
    public void Names_of_identity_providers_become_their_ids()
    {
        // Every edge has the one-time PIN from the start.
        Assert.Equal("True True True", Text(
            """
            $provider = Get-AccessIdentityProvider
            @("$(New-AccessRule -LoginMethod $provider.Name)" -eq "login_method:$($provider.Id)"
              "$($provider | New-AccessRule)" -eq "login_method:$($provider.Id)"
              (New-AccessRule -OidcClaim role -Value admin -IdentityProvider $provider.Name).IdentityProviderId -eq $provider.Id
            ) -join ' '
            """));
        Assert.StartsWith(
            "ResourceNotFound,",
            _host.Host.RunToError("New-AccessRule -LoginMethod nobody").FullyQualifiedErrorId,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_the_account_does_not_have_says_what_to_do()
    {
        ErrorRecord error = _host.Host.RunToError("New-AccessGroup outer -Include group:nobody");

        Assert.StartsWith("ResourceNotFound,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("New-AccessGroup", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Creating_a_group_twice_gives_the_same_and_a_different_one_is_a_conflict()
    {
        const string Create = "New-AccessGroup staff -Include '@example.com', group:inner -Require country:NZ -Exclude eve@example.com";
        _host.Host.Run($"New-AccessGroup inner -Include everyone; {Create}");

        Assert.Equal(2, _host.Host.Run($"{Create} | Out-Null; Get-AccessGroup").Count);
        ErrorRecord error = _host.Host.RunToError("New-AccessGroup staff -Include everyone");
        Assert.Equal("ResourceConflict,Tunnel.PowerShell.Access.NewAccessGroup", error.FullyQualifiedErrorId);
        Assert.Contains("Set-AccessGroup", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Only_what_is_given_changes_in_a_group()
    {
        PSObject changed = _host.Host.RunOne(
            """
            New-AccessGroup staff -Include '@example.com' -Exclude eve@example.com | Out-Null
            $group = Get-AccessGroup st*
            $group | Set-AccessGroup -Exclude (@($group.Exclude) + 'bob@example.com') -NewName people -Confirm:$false
            """);

        Assert.Equal("people", changed.Properties["Name"].Value);
        Assert.Equal("@example.com; not eve@example.com, bob@example.com", changed.Properties["Summary"].Value);
    }

    [Fact]
    public void WhatIf_changes_no_group_and_an_empty_list_can_be_given()
    {
        _host.Host.Run(
            """
            New-AccessGroup nobody -Include everyone -WhatIf
            New-AccessGroup staff -Include '@example.com' -Require country:NZ
            Set-AccessGroup staff -Include everyone -WhatIf
            Get-AccessGroup | Remove-AccessGroup -WhatIf
            """);

        Assert.Equal("@example.com; requires country:NZ", Text("(Get-AccessGroup).Summary"));
        Assert.Equal("@example.com", Text("(Set-AccessGroup staff -Require @() -Confirm:$false).Summary"));
    }

    [Fact]
    public void A_group_that_is_used_stays_and_says_so()
    {
        _host.Host.Run("New-AccessGroup inner -Include everyone; New-AccessGroup outer -Include group:inner");

        _host.Host.Run("New-AccessPolicy -Name people -Decision Allow -Include group:inner");

        Assert.Contains(
            "in use: by the reusable policy 'people', the group 'outer'.",
            _host.Host.RunToError("Remove-AccessGroup inner -Confirm:$false").ToString(), StringComparison.Ordinal);
        _host.Host.Run("Get-AccessPolicy | Remove-AccessPolicy -Confirm:$false");
        Assert.Empty(_host.Host.Run("'outer', 'inner' | Remove-AccessGroup -Confirm:$false; Get-AccessGroup"));
    }

    [Theory]
    [InlineData("New-AccessGroup x -Include any", "any_valid_service_token")]
    [InlineData("New-AccessGroup x -Include group:n", "'group:night shift'")]
    [InlineData("New-AccessRule -Group ", "'night shift'")]
    [InlineData("Get-AccessGroup ", "'night shift'")]
    [InlineData("New-AccessRule -AuthenticationMethod m", "mfa")]
    public void Rules_and_groups_are_completed(string typed, string expected)
    {
        _host.Host.Run("New-AccessGroup 'night shift' -Include everyone");

        Assert.Equal(expected, _host.Host.RunOne(
            "param($Typed) (TabExpansion2 $Typed $Typed.Length).CompletionMatches[0].CompletionText", typed).ToString());
    }

    private string Text(string script) => _host.Host.RunOne(script).ToString();
}
