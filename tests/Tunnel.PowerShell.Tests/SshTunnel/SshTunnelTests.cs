using System.Management.Automation;
using Tunnel.Testing;

namespace Tunnel.PowerShell.Tests.SshTunnel;

public sealed class SshTunnelTests : IDisposable
{
    private const string StartAndLoseTheEdge =
        """
        $global:tunnel = Start-SshTunnel ssh.example.test
        Get-TunnelEdge | Stop-TunnelEdge
        while ($global:tunnel.Connections | Where-Object IsRegistered) { [Threading.Thread]::Sleep(10) }

        """;

    private readonly ConnectedHost _host = new();

    public SshTunnelTests() => _host.Host.Run("New-AccessApplication ssh.example.test");

    public void Dispose() => _host.Dispose();

    [Fact]
    public void One_command_creates_routes_and_runs_a_tunnel()
    {
        PSObject tunnel = _host.Host.RunOne("Start-SshTunnel ssh.example.test ssh://127.0.0.1:22 | Wait-SshTunnel -Timeout 30");

        Assert.Equal("Healthy", tunnel.Properties["State"].Value.ToString());
        Assert.Equal("ssh.example.test", tunnel.Properties["Hostname"].Value);
        Assert.Same(tunnel.BaseObject, _host.Host.RunOne("Get-SshTunnel ssh.*").BaseObject);
        Assert.Same(tunnel.BaseObject, _host.Host.RunOne("Start-SshTunnel ssh.example.test ssh://127.0.0.1:22").BaseObject);
        Assert.All(Directory.GetFiles(_host.Folder.File("tunnels"), "*.json"), PrivateFiles.AssertOwnerOnly);
    }

    [Fact]
    public void Connecting_the_same_account_again_goes_on_with_the_tunnels_that_run()
    {
        PSObject tunnel = _host.Host.RunOne("Start-SshTunnel ssh.example.test");

        _host.Host.Run("param($Tunnels) Get-TunnelEdge | Connect-TunnelAccount -TunnelDirectory $Tunnels", _host.Folder.File("tunnels"));

        Assert.Same(tunnel.BaseObject, _host.Host.RunOne("Start-SshTunnel ssh.example.test").BaseObject);
        _host.Host.Run("Stop-SshTunnel ssh.example.test -GracePeriod 0");
        Assert.Equal(false, _host.Host.RunOne("Get-SshTunnel").Properties["IsRunningHere"].Value);
    }

    [Fact]
    public void A_stopped_tunnel_stays_in_the_account_and_a_removed_one_does_not()
    {
        _host.Host.Run("Start-SshTunnel ssh.example.test | Wait-SshTunnel -Connections 1 -Timeout 30");

        _host.Host.Run("Stop-SshTunnel ssh.example.test -GracePeriod 0");
        Assert.Equal(false, _host.Host.RunOne("Get-SshTunnel").Properties["IsRunningHere"].Value);

        _host.Host.Run("Get-SshTunnel | Remove-SshTunnel -GracePeriod 0 -Confirm:$false");
        Assert.Empty(_host.Host.Run("Get-SshTunnel"));
        Assert.Empty(Directory.GetFiles(_host.Folder.File("tunnels"), "*.json"));
    }

    [Fact]
    public void A_connector_that_requires_access_is_told_the_applications_audience()
    {
        PSObject tunnel = _host.Host.RunOne("Start-SshTunnel ssh.example.test -RequireAccess | Wait-SshTunnel -Connections 1 -Timeout 30");
        string audience = (string)_host.Host.RunOne("(Get-AccessApplication ssh.example.test).Aud").BaseObject;

        Assert.Equal(true, tunnel.Properties["RequiresAccess"].Value);
        Assert.Contains(audience, File.ReadAllText((string)tunnel.Properties["ConfigurationFile"].Value), StringComparison.Ordinal);
        Assert.Equal("SshTunnelUnprotected,Tunnel.PowerShell.SshTunnel.StartSshTunnel", _host.Host.RunToError(
            "Start-SshTunnel open.example.test -RequireAccess -AllowUnprotected").FullyQualifiedErrorId);
    }

    [Fact]
    public void A_hostname_that_no_application_covers_is_refused_unless_asked_for()
    {
        ErrorRecord error = _host.Host.RunToError("Start-SshTunnel open.example.test");

        Assert.Equal("SshTunnelUnprotected,Tunnel.PowerShell.SshTunnel.StartSshTunnel", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.SecurityError, error.CategoryInfo.Category);
        Assert.Empty(_host.Host.Run("Get-SshTunnel"));

        using System.Management.Automation.PowerShell shell = _host.Host.Create("Start-SshTunnel open.example.test -AllowUnprotected");
        Assert.Single(shell.Invoke());
        Assert.NotEmpty(shell.Streams.Warning);
    }

    [Fact]
    public void A_second_protocol_on_a_hostname_is_refused()
    {
        _host.Host.Run("Start-SshTunnel ssh.example.test ssh://127.0.0.1:22");

        ErrorRecord error = _host.Host.RunToError("Start-SshTunnel ssh.example.test tcp://127.0.0.1:23 -TunnelName second");

        Assert.Equal("SshTunnelHostnameTaken,Tunnel.PowerShell.SshTunnel.StartSshTunnel", error.FullyQualifiedErrorId);
    }

    [Fact]
    public void WhatIf_says_the_steps_and_does_none()
    {
        Assert.Empty(_host.Host.Run("Start-SshTunnel ssh.example.test -WhatIf; Get-SshTunnel"));
        Assert.False(Directory.Exists(_host.Folder.File("tunnels")));
    }

    [Fact]
    public void Waiting_ends_with_an_error_when_the_time_is_over()
    {
        ErrorRecord error = _host.Host.RunToError(
            StartAndLoseTheEdge + "$global:tunnel | Wait-SshTunnel -Timeout 1");

        Assert.Equal("SshTunnelTimeout,Tunnel.PowerShell.SshTunnel.WaitSshTunnel", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.OperationTimeout, error.CategoryInfo.Category);
    }

    [Fact]
    public async Task Stopping_the_pipeline_stops_waiting_at_once()
    {
        _host.Host.Run(StartAndLoseTheEdge);
        using System.Management.Automation.PowerShell shell = _host.Host.Create("$global:tunnel | Wait-SshTunnel -Timeout 600");
        Task<PSDataCollection<PSObject>> waiting = shell.InvokeAsync();
        await Eventually.True(() => shell.Streams.Progress.Count > 0, "it tells that it waits");
        Assert.False(waiting.IsCompleted);

        await ModuleHost.StopAsync(shell);
        await Assert.ThrowsAnyAsync<Exception>(() => waiting);
    }

    [Fact]
    public void Removing_the_module_stops_what_the_runspace_runs()
    {
        PSObject tunnel = _host.Host.RunOne("Start-SshTunnel ssh.example.test | Wait-SshTunnel -Timeout 30");
        PSObject edge = _host.Host.RunOne("Get-TunnelEdge");

        _host.Host.Run("Remove-Module Tunnel");

        Assert.Equal("Stopped", tunnel.Properties["State"].Value.ToString());
        Assert.Equal("Stopped", edge.Properties["State"].Value.ToString());
    }
}
