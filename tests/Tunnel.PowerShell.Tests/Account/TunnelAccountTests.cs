using System.Management.Automation;

namespace Tunnel.PowerShell.Tests.Account;

public sealed class TunnelAccountTests
{
    [Fact]
    public void An_account_is_connected_by_token_and_address()
    {
        using var host = new ConnectedHost();
        PSObject account = host.Host.RunOne(
            """
            param($TokenFile)
            $edge = Get-TunnelEdge
            Get-TunnelAccount | Disconnect-TunnelAccount
            $token = [Net.NetworkCredential]::new('', [IO.File]::ReadAllText($TokenFile).Trim()).SecurePassword
            Connect-TunnelAccount -ApiToken $token -Address $edge.ApiAddress -CertificateAuthorityFile $edge.CertificateAuthorityFile `
                -EdgeAddress $edge.TunnelEndPoint -PublicEndPoint "$($edge.PublicEndPoint)"
            """,
            Path.Combine(host.Folder.File("edge"), "api-token"));

        Assert.Equal("example.test", host.Host.RunOne("Get-TunnelZone").Properties["Name"].Value);
        Assert.Equal("Tunnel", account.Properties["Name"].Value);
    }

    [Fact]
    public void A_wrong_token_is_one_error_that_does_not_tell_it()
    {
        using var host = new ConnectedHost();
        ErrorRecord error = host.Host.RunToError(
            """
            $edge = Get-TunnelEdge
            $token = [Net.NetworkCredential]::new('', 'wrong-token-wrong-token-wrong-token-wrong').SecurePassword
            Connect-TunnelAccount -ApiToken $token -Address $edge.ApiAddress -CertificateAuthorityFile $edge.CertificateAuthorityFile
            """);

        Assert.Equal("ApiAccessDenied,Tunnel.PowerShell.Account.ConnectTunnelAccount", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.PermissionDenied, error.CategoryInfo.Category);
        Assert.False(string.IsNullOrEmpty(error.ErrorDetails.RecommendedAction));
        Assert.DoesNotContain("wrong-token", error.ToString() + error.Exception, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_an_account_a_cmdlet_says_how_to_connect()
    {
        using var host = new ModuleHost();

        ErrorRecord error = host.RunToError("Get-TunnelZone");

        Assert.Equal("AccountNotConnected,Tunnel.PowerShell.Zone.GetTunnelZone", error.FullyQualifiedErrorId);
        Assert.Contains("Connect-TunnelAccount", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_runspaces_do_not_see_each_others_accounts_but_may_hand_them_over()
    {
        using var host = new ConnectedHost();
        using var other = new ModuleHost();

        Assert.Empty(other.Run("Get-TunnelAccount"));
        PSObject account = host.Host.RunOne("Get-TunnelAccount");
        Assert.Equal(account.Properties["AccountId"].Value, host.Host.RunOne("Get-TunnelAccount -ListAvailable").Properties["Id"].Value);
        Assert.Equal("example.test", other.RunOne("param($Account) Get-TunnelZone -Account $Account", account).Properties["Name"].Value);
        Assert.Empty(other.Run("Get-TunnelAccount"));
    }

    [Fact]
    public void Connecting_again_takes_the_place_of_the_first_connection()
    {
        using var host = new ConnectedHost();

        host.Host.Run("Get-TunnelEdge | Connect-TunnelAccount");

        Assert.Single(host.Host.Run("Get-TunnelAccount"));
    }

    [Fact]
    public void Disconnecting_forgets_the_token_of_an_earlier_connection_as_well()
    {
        using var host = new ConnectedHost();

        ErrorRecord error = host.Host.RunToError(
            "$old = Get-TunnelAccount; Get-TunnelEdge | Connect-TunnelAccount | Out-Null; Disconnect-TunnelAccount; Get-TunnelZone -Account $old");

        Assert.Equal("AccountDisconnected,Tunnel.PowerShell.Zone.GetTunnelZone", error.FullyQualifiedErrorId);
    }

    [Fact]
    public void With_WhatIf_nothing_is_connected()
    {
        using var host = new ConnectedHost();

        host.Host.Run(
            """
            Disconnect-TunnelAccount
            Get-TunnelEdge | Connect-TunnelAccount -WhatIf
            Connect-TunnelAccount -ApiToken ([Net.NetworkCredential]::new('', 'x' * 40).SecurePassword) -Address http://127.0.0.1:9/ -WhatIf
            """);

        Assert.Empty(host.Host.Run("Get-TunnelAccount"));
    }

    [Fact]
    public void A_disconnected_account_is_forgotten()
    {
        using var host = new ConnectedHost();

        host.Host.Run("Disconnect-TunnelAccount; Disconnect-TunnelAccount");

        Assert.Empty(host.Host.Run("Get-TunnelAccount"));
    }

    [Fact]
    public void A_disconnected_account_object_says_so_when_it_is_used()
    {
        using var host = new ConnectedHost();

        ErrorRecord error = host.Host.RunToError("$a = Get-TunnelAccount; Disconnect-TunnelAccount; Get-TunnelZone -Account $a");

        Assert.Equal("AccountDisconnected,Tunnel.PowerShell.Zone.GetTunnelZone", error.FullyQualifiedErrorId);
        Assert.Contains("disconnected", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Several_accounts_are_told_apart_by_name_and_the_last_is_the_default()
    {
        using var host = new ConnectedHost();
        using var other = new TemporaryFolder();
        host.Host.Run(
            "param($State) Start-TunnelEdge -StateDirectory $State -AccountName Work | Connect-TunnelAccount | Out-Null; New-TunnelZone work.test",
            other.File("edge"));

        Assert.Equal("work.test", host.Host.RunOne("Get-TunnelZone").Properties["Name"].Value);
        Assert.Equal("example.test", host.Host.RunOne("Get-TunnelZone -Account Tunnel").Properties["Name"].Value);
        Assert.Equal("work.test", host.Host.RunOne("Get-TunnelZone -Account (Get-TunnelAccount Work).AccountId").Properties["Name"].Value);
        ErrorRecord error = host.Host.RunToError("Get-TunnelZone -Account Nobody");
        Assert.Contains("no account 'Nobody'", error.ToString(), StringComparison.Ordinal);
        var completions = CommandCompletion.CompleteInput("Get-TunnelZone -Account W", 25, null, host.Host.Create(""));
        Assert.Equal("Work", Assert.Single(completions.CompletionMatches).CompletionText);
        host.Host.Run("Disconnect-TunnelAccount Work");
        Assert.Equal("example.test", host.Host.RunOne("Get-TunnelZone").Properties["Name"].Value);
    }

    [Fact]
    public void The_environment_signs_in_as_it_does_Cloudflares_own_tools()
    {
        using var host = new ConnectedHost();
        PSObject account = host.Host.RunOne(
            """
            param($TokenFile)
            $edge = Get-TunnelEdge
            $env:CLOUDFLARE_API_TOKEN = [IO.File]::ReadAllText($TokenFile).Trim()
            $env:CLOUDFLARE_ACCOUNT_ID = $edge.AccountId
            $env:CLOUDFLARE_BASE_URL = "$($edge.ApiAddress)"
            try { Connect-TunnelAccount -CertificateAuthorityFile $edge.CertificateAuthorityFile }
            finally { $env:CLOUDFLARE_API_TOKEN = $env:CLOUDFLARE_ACCOUNT_ID = $env:CLOUDFLARE_BASE_URL = $null }
            """,
            Path.Combine(host.Folder.File("edge"), "api-token"));

        Assert.Equal("Tunnel", account.Properties["Name"].Value);
    }

    [Fact]
    public void A_narrow_token_in_a_certificate_is_warned_of_with_the_cmdlets_that_fail()
    {
        using var host = new ConnectedHost();
        string admin = File.ReadAllText(Path.Combine(host.Folder.File("edge"), "api-token")).Trim();
        using System.Management.Automation.PowerShell shell = host.Host.Create(
            """
            param($File, $Token)
            $edge = Get-TunnelEdge
            $handler = [Net.Http.HttpClientHandler]::new()
            $handler.ServerCertificateCustomValidationCallback = [Net.Http.HttpClientHandler]::DangerousAcceptAnyServerCertificateValidator
            $http = [Net.Http.HttpClient]::new($handler)
            $http.DefaultRequestHeaders.Authorization = [Net.Http.Headers.AuthenticationHeaderValue]::new('Bearer', $Token)
            $body = '{"name":"cert","policies":[{"effect":"allow","resources":{"com.cloudflare.api.account.*":"*"},"permission_groups":[{"id":"c07321b023e944ff818fec44d8203567"}]},{"effect":"allow","resources":{"com.cloudflare.api.account.zone.*":"*"},"permission_groups":[{"id":"c8fed203ed3043cba015a93ad1616f1f"},{"id":"4755a26eedb94da69e1066d98aa820be"}]}]}'
            $answer = $http.PostAsync("$($edge.ApiAddress)user/tokens", [Net.Http.StringContent]::new($body, [Text.Encoding]::UTF8, 'application/json')).Result.Content.ReadAsStringAsync().Result
            $value = [regex]::Match($answer, '"value":"([^"]+)"').Groups[1].Value
            $json = '{"zoneID":"z","accountID":"' + $edge.AccountId + '","apiToken":"' + $value + '"}'
            $base64 = [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($json))
            [IO.File]::WriteAllText($File, "-----BEGIN ARGO TUNNEL TOKEN-----`n$base64`n-----END ARGO TUNNEL TOKEN-----`n")
            Connect-TunnelAccount -OriginCertificate $File -Address $edge.ApiAddress -CertificateAuthorityFile $edge.CertificateAuthorityFile
            Get-TunnelZone
            """,
            host.Folder.File("cert.pem"),
            admin);
        var output = shell.Invoke();

        Assert.Empty(shell.Streams.Error);
        string warning = Assert.Single(shell.Streams.Warning).Message;
        Assert.Matches("Account > Access: Apps and Policies > Edit, for [^;]*Get-AccessApplication", warning);
        Assert.DoesNotContain("Connect-AccessApplication", warning, StringComparison.Ordinal);
        Assert.DoesNotContain("Cloudflare Tunnel", warning, StringComparison.Ordinal);
        Assert.Equal("example.test", output[1].Properties["Name"].Value);
    }

    [Fact]
    public void Every_cmdlet_that_calls_the_API_is_told_of_by_some_permission()
    {
        using var host = new ConnectedHost();
        // A host's configuration, the firewall and one's own sign-in take the account's addresses, and call nothing.
        var cmdlets = host.Host.Run(
            "Get-Command -Module Tunnel | Where-Object { $_.Parameters.ContainsKey('Account') -and $_.Noun -notin 'TunnelAccount', 'SshHost', 'SshCertificate', 'NetworkIngress' -and $_.Name -ne 'Connect-AccessApplication' } | ForEach-Object Name")
            .Select(name => (string)name.BaseObject).ToHashSet();
        // A token that may do nothing but be valid lacks everything, and so every cmdlet is in the list.
        var told = host.Host.Run(
            """
            param($TokenFile)
            $edge = Get-TunnelEdge
            $handler = [Net.Http.HttpClientHandler]::new()
            $handler.ServerCertificateCustomValidationCallback = [Net.Http.HttpClientHandler]::DangerousAcceptAnyServerCertificateValidator
            $http = [Net.Http.HttpClient]::new($handler)
            $http.DefaultRequestHeaders.Authorization = [Net.Http.Headers.AuthenticationHeaderValue]::new('Bearer', [IO.File]::ReadAllText($TokenFile).Trim())
            $user = [regex]::Match($http.GetStringAsync("$($edge.ApiAddress)user").Result, '"id":"([0-9a-f]{32})"').Groups[1].Value
            $body = '{"name":"none","policies":[{"effect":"allow","resources":{"com.cloudflare.api.user.' + $user + '":"*"},"permission_groups":[{"id":"0cc3a61731504c89b99ec1be78b77aa0"}]},{"effect":"allow","resources":{"com.cloudflare.api.account.*":"*"},"permission_groups":[{"id":"c1fde68c7bcc44588cbb6ddbc16d6480"}]}]}'
            $answer = $http.PostAsync("$($edge.ApiAddress)user/tokens", [Net.Http.StringContent]::new($body, [Text.Encoding]::UTF8, 'application/json')).Result.Content.ReadAsStringAsync().Result
            $value = [Net.NetworkCredential]::new('', [regex]::Match($answer, '"value":"([^"]+)"').Groups[1].Value).SecurePassword
            $account = Connect-TunnelAccount -ApiToken $value -Address $edge.ApiAddress -CertificateAuthorityFile $edge.CertificateAuthorityFile -WarningAction Ignore
            $account.MissingPermissions | ForEach-Object Cmdlets
            """,
            Path.Combine(host.Folder.File("edge"), "api-token")).Select(name => (string)name.BaseObject).ToHashSet();

        Assert.NotEmpty(cmdlets);
        Assert.Empty(cmdlets.Except(told));
        Assert.Contains("New-AccessRule", told);
    }
}
