namespace Tunnel.PowerShell.Tests.Completion;

public sealed class CompletionTests : IDisposable
{
    private readonly ConnectedHost _host = new();

    public CompletionTests() => _host.Host.Run(
        """
        New-AccessApplication ssh.example.test
        New-AccessPolicy ssh.example.test -Name 'all staff' -Decision Allow -Include '@example.com'
        New-AccessServiceToken ci
        New-Tunnel home
        New-TunnelRoute www.example.test home
        """);

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData("Get-TunnelZone ex", "example.test")]
    [InlineData("Get-AccessPolicy ss", "ssh.example.test")]
    [InlineData("Remove-AccessPolicy ssh.example.test a", "'all staff'")]
    [InlineData("Remove-AccessServiceToken ", "ci")]
    [InlineData("Get-TunnelToken ", "home")]
    [InlineData("New-TunnelRoute a.example.test h", "home")]
    [InlineData("Remove-TunnelRoute w", "www.example.test")]
    [InlineData("Wait-TunnelZone ", "example.test")]
    [InlineData("New-AccessPolicy ssh.example.test -Decision Non", "NonIdentity")]
    public void Arguments_are_completed_with_what_the_account_has(string typed, string expected)
    {
        Assert.Equal(expected, _host.Host.RunOne(
            "param($Typed) (TabExpansion2 $Typed $Typed.Length).CompletionMatches[0].CompletionText", typed).ToString());
    }

    [Fact]
    public void Without_an_account_there_is_nothing_and_no_error()
    {
        Assert.Empty(_host.Host.Run(
            "Disconnect-TunnelAccount; (TabExpansion2 'Get-TunnelZone e' 16).CompletionMatches | Where-Object CompletionText -eq example.test"));
    }
}
