using System.Diagnostics;
using System.Management.Automation;
using Tunnel.Testing;

namespace Tunnel.PowerShell.Tests.Access;

public sealed class IdentityCmdletTests : IDisposable
{
    private const string NewCompany =
        """
        New-AccessIdentityProvider Company -Type oidc -ClientId tunnel -ClientSecret ('hidden-secret' | ForEach-Object {
                $s = [securestring]::new(); $_.ToCharArray() | ForEach-Object { $s.AppendChar($_) }; $s }) `
            -AuthUrl https://id.example.com/a -TokenUrl https://id.example.com/t -CertsUrl https://id.example.com/k `
            -Scope openid, email -Pkce -Setting @{ prompt = 'login' } -WarningAction Ignore
        """;

    private readonly ConnectedHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void An_account_has_a_one_time_PIN_and_a_second_one_is_a_conflict_that_says_what_to_do()
    {
        Assert.Equal("onetimepin", Text("(Get-AccessIdentityProvider).Type"));
        Assert.Equal("onetimepin", Text("(New-AccessIdentityProvider 'One-time PIN' -Type onetimepin).Type"));
        ErrorRecord error = _host.Host.RunToError("New-AccessIdentityProvider PIN -Type onetimepin");
        Assert.StartsWith("ResourceConflict,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("Set-AccessIdentityProvider", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_provider_is_made_once_and_changed_by_what_is_given()
    {
        PSObject made = _host.Host.RunOne(NewCompany);
        Assert.Equal(Text("$args[0].Id", made), Text($"({NewCompany}).Id"));
        Assert.StartsWith(
            "ResourceConflict,",
            _host.Host.RunToError("New-AccessIdentityProvider Company -Type oidc -ClientId other").FullyQualifiedErrorId,
            StringComparison.Ordinal);
        Assert.Equal(
            "Firm tunnel openid,email True login",
            Text(
                """
                Set-AccessIdentityProvider Company -NewName Firm -Confirm:$false |
                    ForEach-Object { "$($_.Name) $($_.Config.ClientId) $($_.Config.Scopes -join ',') $($_.Config.PkceEnabled) $($_.Config.Other['prompt'])" }
                """));
    }

    [Fact]
    public async Task A_provider_tells_its_own_addresses_and_those_that_are_given_win()
    {
        await using var provider = new AnswerServer();
        provider.Answers["/.well-known/openid-configuration"] = (200,
            $$"""
            {"issuer":"{{provider.Address}}","authorization_endpoint":"https://id.example.com/a2","token_endpoint":"https://id.example.com/t",
             "jwks_uri":"https://id.example.com/k","userinfo_endpoint":"https://id.example.com/u"}
            """);
        string made = NewCompany.Replace(" -TokenUrl https://id.example.com/t -CertsUrl https://id.example.com/k", $" -Issuer {provider.Address}", StringComparison.Ordinal);
        const string Shown = "ForEach-Object { \"$($_.Config.AuthUrl) $($_.Config.TokenUrl) $($_.Config.CertsUrl) $($_.Config.Other['issuer']) $($_.Config.Other['userinfo_url'])\" }";
        string expected = $"https://id.example.com/a https://id.example.com/t https://id.example.com/k {provider.Address} https://id.example.com/u";
        Assert.Equal(expected, Text($"{made} | {Shown}"));
        Assert.Equal(expected, Text($"{made} | {Shown}"));
        Assert.Equal(
            expected.Replace("/a ", "/a2 ", StringComparison.Ordinal),
            Text($"Set-AccessIdentityProvider Company -Issuer {provider.Address} -Confirm:$false | {Shown}"));

        int asked = provider.Requests.Count;
        _host.Host.Run($"Set-AccessIdentityProvider Company -Issuer {provider.Address} -WhatIf; New-AccessIdentityProvider Nobody oidc -Issuer {provider.Address} -WhatIf");
        Assert.Equal(asked, provider.Requests.Count);
    }

    [Fact]
    public async Task An_issuer_that_does_not_tell_is_one_error_that_says_what_to_do_and_changes_nothing()
    {
        await using var provider = new AnswerServer();
        ErrorRecord error = _host.Host.RunToError($"New-AccessIdentityProvider Company oidc -Issuer {provider.Address} -ClientId tunnel");
        Assert.StartsWith("OpenIdDiscoveryFailed,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("-AuthUrl", error.ToString(), StringComparison.Ordinal);
        Assert.StartsWith(
            "ArgumentNotUsable,",
            _host.Host.RunToError($"New-AccessIdentityProvider Hub github -Issuer {provider.Address} -ClientId tunnel").FullyQualifiedErrorId,
            StringComparison.Ordinal);
        Assert.Single(_host.Host.Run("Get-AccessIdentityProvider"));
    }

    [Fact]
    public void A_client_secret_is_shown_nowhere()
    {
        _host.Host.Run(NewCompany);
        string shown = string.Join('\n', _host.Host.Run("Get-AccessIdentityProvider Company | ForEach-Object { \"$_ $($_.Config)\"; $_.Config.ClientSecret }"));
        Assert.DoesNotContain("hidden-secret", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIf_changes_and_removes_nothing_and_removal_goes_through_the_pipeline()
    {
        _host.Host.Run(
            $$"""
            New-AccessIdentityProvider Nobody -Type github -WhatIf
            {{NewCompany}}
            Get-AccessIdentityProvider Company | Set-AccessIdentityProvider -NewName Other -WhatIf
            Get-AccessIdentityProvider | Remove-AccessIdentityProvider -WhatIf
            Set-AccessOrganization -Name Other -WhatIf
            """);
        Assert.Equal(2, _host.Host.Run("Get-AccessIdentityProvider").Count);
        Assert.Equal("Tunnel", Text("(Get-AccessOrganization).Name"));
        Assert.Empty(_host.Host.Run("Get-AccessIdentityProvider Comp* | Remove-AccessIdentityProvider -Confirm:$false; Get-AccessIdentityProvider Company"));
    }

    [Fact]
    public void The_organisation_changes_by_what_is_given_only()
    {
        Assert.Equal(
            "Tunnel 8h Hello #ffffff",
            Text(
                """
                Set-AccessOrganization -SessionDuration 8h -HeaderText Hello -Confirm:$false | Out-Null
                Set-AccessOrganization -BackgroundColor '#ffffff' -Confirm:$false |
                    ForEach-Object { "$($_.Name) $($_.SessionDuration) $($_.LoginDesign.HeaderText) $($_.LoginDesign.BackgroundColor)" }
                """));
        Assert.StartsWith(
            "ApiRefused,",
            _host.Host.RunToError("Set-AccessOrganization -AuthDomain 'no host' -Confirm:$false").FullyQualifiedErrorId,
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_authority_is_made_once_and_ssh_keygen_reads_its_line()
    {
        _host.Host.Run("New-AccessApplication ssh.example.test | New-SshCertificateAuthority -WhatIf");
        Assert.Empty(_host.Host.Run("Get-SshCertificateAuthority"));
        string line = Text("(New-SshCertificateAuthority ssh.example.test).PublicKey");
        Assert.Equal(line, Text("(New-SshCertificateAuthority ssh.example.test).PublicKey"));
        Assert.Equal(line, Text("\"$(Get-AccessApplication | Get-SshCertificateAuthority)\""));

        Assert.SkipUnless(File.Exists("/usr/bin/ssh-keygen"), "ssh-keygen is not installed.");
        string file = _host.Folder.File("ca.pub");
        File.WriteAllText(file, line + "\n");
        using Process keygen = Process.Start(new ProcessStartInfo("/usr/bin/ssh-keygen", ["-l", "-f", file]) { RedirectStandardOutput = true })!;
        Assert.Matches("^256 SHA256:[^ ]+ open-ssh-ca@[^ ]+ \\(ECDSA\\)$", keygen.StandardOutput.ReadToEnd().Trim());
    }

    [Fact]
    public void An_authority_is_removed_and_missed_with_advice()
    {
        _host.Host.Run("New-AccessApplication ssh.example.test | New-SshCertificateAuthority");
        _host.Host.Run("Get-SshCertificateAuthority | Remove-SshCertificateAuthority -WhatIf");
        Assert.Single(_host.Host.Run("Get-SshCertificateAuthority"));
        Assert.Empty(_host.Host.Run("Get-SshCertificateAuthority | Remove-SshCertificateAuthority -Confirm:$false; Get-SshCertificateAuthority"));
        ErrorRecord error = _host.Host.RunToError("Remove-SshCertificateAuthority ssh.example.test -Confirm:$false");
        Assert.StartsWith("ResourceNotFound,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("New-SshCertificateAuthority", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_log_is_empty_and_an_unknown_application_is_an_error()
    {
        Assert.Empty(_host.Host.Run("Get-AccessLog; Get-AccessLog -Denied -Email '@example.com' -Since ([DateTime]::Today)"));
        Assert.StartsWith(
            "ResourceNotFound,",
            _host.Host.RunToError("Get-AccessLog -Application nowhere.example.test").FullyQualifiedErrorId,
            StringComparison.Ordinal);
    }

    private string Text(string script, params object?[] arguments) => _host.Host.RunOne(script, arguments).ToString();
}
