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
    public void A_disconnected_account_is_forgotten()
    {
        using var host = new ConnectedHost();

        host.Host.Run("Disconnect-TunnelAccount; Disconnect-TunnelAccount");

        Assert.Empty(host.Host.Run("Get-TunnelAccount"));
    }
}
