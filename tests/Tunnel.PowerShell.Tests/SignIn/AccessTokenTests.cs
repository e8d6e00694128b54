using System.Management.Automation;
using System.Security;

namespace Tunnel.PowerShell.Tests.SignIn;

public sealed class AccessTokenTests : IDisposable
{
    private const string Hostname = "ssh.example.test";

    private readonly ConnectedHost _host = new();
    private readonly string _audience;

    public AccessTokenTests() => _audience = (string)_host.Host.RunOne(
        $"""
        $application = New-AccessApplication {Hostname}
        New-AccessPolicy {Hostname} -Name staff -Decision Allow -Include '@example.com' | Out-Null
        $application.Aud
        """).BaseObject;

    private string Tokens => _host.Folder.File("tokens");

    private string File => Path.Combine(Tokens, $"{Hostname}-{_audience}-token");

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task A_token_that_is_kept_is_used_without_a_question_and_listed_without_its_text()
    {
        string token = await SignInAsync();

        PSObject connected = _host.Host.RunOne($"param($Folder) Connect-AccessApplication {Hostname} -Folder $Folder -NoLaunch -Timeout 20", Tokens);
        PSObject listed = _host.Host.RunOne("param($Folder) Get-AccessToken -Folder $Folder", Tokens);
        string shown = string.Concat(listed.Properties.Select(property => $"{property.Value}"));

        Assert.Equal(("alice@example.com", Hostname), ((string)connected.Properties["Email"].Value, (string)listed.Properties["Hostname"].Value));
        Assert.Equal(token, new System.Net.NetworkCredential("", (SecureString)listed.Properties["Token"].Value).Password);
        Assert.Equal("tunnel.cloudflareaccess.test", listed.Properties["Team"].Value);
        Assert.Equal(false, listed.Properties["IsExpired"].Value);
        Assert.DoesNotContain(token, shown, StringComparison.Ordinal);
        Assert.DoesNotContain(token, listed.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tokens_are_found_by_wildcards_and_forgotten()
    {
        await SignInAsync();

        Assert.Empty(_host.Host.Run("param($Folder) Get-AccessToken other* -Folder $Folder", Tokens));
        Assert.Single(_host.Host.Run("param($Folder) Get-AccessToken ssh* -Folder $Folder", Tokens));
        _host.Host.Run("param($Folder) Remove-AccessToken ssh* -Folder $Folder -WhatIf", Tokens);
        Assert.True(System.IO.File.Exists(File));
        System.IO.File.WriteAllText(Path.Combine(Tokens, "tunnel.cloudflareaccess.test-org-token"), "x");
        _host.Host.Run("param($Folder) Get-AccessToken -Folder $Folder | Remove-AccessToken -Folder $Folder -IncludeTeam", Tokens);
        Assert.Empty(Directory.GetFiles(Tokens, "*-token"));
        _host.Host.Run("param($Folder) Remove-AccessToken ssh* -Folder $Folder", Tokens);
    }

    [Fact]
    public void WhatIf_signs_nobody_in()
    {
        _host.Host.Run($"param($Folder) Connect-AccessApplication {Hostname} -Folder $Folder -WhatIf", Tokens);

        Assert.False(Directory.Exists(Tokens));
    }

    [Fact]
    public void Nobody_in_time_is_an_error_and_leaves_no_lock()
    {
        ErrorRecord error = _host.Host.RunToError($"param($Folder) Connect-AccessApplication {Hostname} -Folder $Folder -NoLaunch -Timeout 1", Tokens);

        Assert.Equal("TimedOut,Tunnel.PowerShell.SignIn.ConnectAccessApplication", error.FullyQualifiedErrorId);
        Assert.Equal(["tunnel.cloudflareaccess.test-jwks"], Directory.GetFiles(Tokens).Select(Path.GetFileName));
    }

    [Fact]
    public void A_hostname_without_an_application_is_an_error()
    {
        ErrorRecord error = _host.Host.RunToError("param($Folder) Connect-AccessApplication open.example.test -Folder $Folder", Tokens);

        Assert.Equal("AccessSignInFailed,Tunnel.PowerShell.SignIn.ConnectAccessApplication", error.FullyQualifiedErrorId);
        Assert.Contains("There is no Access application", error.ToString(), StringComparison.Ordinal);
    }

    private async Task<string> SignInAsync()
    {
        string token = await PersonSignIn.RunAsync(_host, Hostname, "alice@example.com");
        Directory.CreateDirectory(Tokens);
        await System.IO.File.WriteAllTextAsync(File, token);
        return token;
    }
}
