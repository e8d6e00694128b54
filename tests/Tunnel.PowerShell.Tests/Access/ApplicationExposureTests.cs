namespace Tunnel.PowerShell.Tests.Access;

/// <summary>Whoever takes an application away is told what is open to everybody then.</summary>
public sealed class ApplicationExposureTests : IDisposable
{
    private readonly ConnectedHost _host = new();

    public ApplicationExposureTests() => _host.Host.Run(
        """
        New-AccessApplication ssh.example.test | Out-Null
        New-Tunnel home | Out-Null
        """);

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData("Remove-AccessApplication ssh.example.test")]
    [InlineData("Set-AccessApplication ssh.example.test -NewHostname other.example.test")]
    public void A_hostname_that_leads_to_a_tunnel_is_named(string command)
    {
        _host.Host.Run("New-TunnelRoute ssh.example.test -Tunnel home | Out-Null");

        Assert.Contains("open to everybody from then on: ssh.example.test", Question(command), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Remove-AccessApplication ssh.example.test", "")]
    [InlineData("Remove-AccessApplication ssh.example.test",
        "New-TunnelRoute ssh.example.test -Tunnel home | Out-Null; New-AccessApplication '*.example.test' | Out-Null")]
    [InlineData("Set-AccessApplication ssh.example.test -SessionDuration 1h", "New-TunnelRoute ssh.example.test -Tunnel home | Out-Null")]
    public void What_leads_nowhere_or_is_guarded_still_is_not(string command, string before)
    {
        _host.Host.Run(before);

        string question = Question(command);

        Assert.Contains("ssh.example.test", question, StringComparison.Ordinal);
        Assert.DoesNotContain("everybody", question, StringComparison.Ordinal);
    }

    // What -WhatIf and the confirmation show goes to the verbose stream when neither is on.
    private string Question(string command) =>
        string.Join('\n', _host.Host.Run(command + " -Confirm:$false -Verbose 4>&1 | Where-Object { $_ -is [Management.Automation.VerboseRecord] }"));
}
