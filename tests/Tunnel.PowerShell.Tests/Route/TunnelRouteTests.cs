using System.Management.Automation;

namespace Tunnel.PowerShell.Tests.Route;

public sealed class TunnelRouteTests : IDisposable
{
    private readonly ConnectedHost _host = new();

    public TunnelRouteTests() => _host.Host.Run("'home', 'office' | New-Tunnel");

    public void Dispose() => _host.Dispose();

    [Fact]
    public void A_hostname_is_routed_once_and_found_by_wildcard()
    {
        PSObject route = _host.Host.RunOne("Get-Tunnel home | New-TunnelRoute ssh.example.test");

        Assert.Equal("home", route.Properties["TunnelName"].Value);
        Assert.Equal(
            route.Properties["RecordId"].Value,
            _host.Host.RunOne("New-TunnelRoute ssh.example.test home").Properties["RecordId"].Value);
        Assert.Single(_host.Host.Run("Get-TunnelRoute s*"));
        Assert.Empty(_host.Host.Run("Get-TunnelRoute w*; Get-TunnelRoute -Tunnel office"));
    }

    [Fact]
    public void A_hostname_of_another_tunnel_is_taken_only_by_force_and_with_a_warning()
    {
        _host.Host.Run("New-TunnelRoute ssh.example.test home");

        ErrorRecord error = _host.Host.RunToError("New-TunnelRoute ssh.example.test office");

        Assert.Equal("ResourceConflict,Tunnel.PowerShell.Route.NewTunnelRoute", error.FullyQualifiedErrorId);
        Assert.Equal("ssh.example.test", error.TargetObject);
        using System.Management.Automation.PowerShell shell = _host.Host.Create("New-TunnelRoute ssh.example.test office -Force");
        Assert.Equal("office", Assert.Single(shell.Invoke()).Properties["TunnelName"].Value);
        Assert.Single(shell.Streams.Warning);
    }

    [Fact]
    public void One_bad_hostname_of_a_pipeline_is_one_error_and_the_others_are_done()
    {
        ErrorRecord error = _host.Host.RunToError(
            "'a.example.test', 'a.elsewhere.test', 'b.example.test' | ForEach-Object { [pscustomobject] @{ Hostname = $_ } } | New-TunnelRoute -Tunnel home");

        Assert.Equal("ResourceNotFound,Tunnel.PowerShell.Route.NewTunnelRoute", error.FullyQualifiedErrorId);
        Assert.Equal(2, _host.Host.Run("Get-TunnelRoute").Count);
    }

    [Fact]
    public void Routes_are_removed_by_name_and_by_pipeline()
    {
        _host.Host.Run("'a', 'b', 'c' | ForEach-Object { New-TunnelRoute \"$_.example.test\" home }");

        _host.Host.Run("Remove-TunnelRoute a.example.test -Confirm:$false");
        _host.Host.Run("Get-TunnelRoute b* | Remove-TunnelRoute -Confirm:$false");

        Assert.Equal("c.example.test", _host.Host.RunOne("Get-TunnelRoute").Properties["Hostname"].Value);
        Assert.Equal(
            "ResourceNotFound,Tunnel.PowerShell.Route.RemoveTunnelRoute",
            _host.Host.RunToError("Remove-TunnelRoute a.example.test -Confirm:$false").FullyQualifiedErrorId);
    }
}
