using System.Management.Automation;

namespace Tunnel.PowerShell.Tests.Zone;

public sealed class TunnelZoneTests : IDisposable
{
    private readonly ConnectedHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Creating_a_zone_twice_gives_the_same_zone()
    {
        Assert.Equal(
            _host.Host.RunOne("New-TunnelZone example.test").Properties["Id"].Value,
            _host.Host.RunOne("Get-TunnelZone example.test").Properties["Id"].Value);
        Assert.Single(_host.Host.Run("Get-TunnelZone"));
    }

    [Fact]
    public void Zones_are_found_by_wildcard()
    {
        _host.Host.Run("'one.test', 'two.test' | New-TunnelZone");

        Assert.Equal(["one.test"], _host.Host.Run("(Get-TunnelZone o*.test).Name").Select(name => name.ToString()));
    }

    [Fact]
    public void WhatIf_creates_no_zone()
    {
        Assert.Empty(_host.Host.Run("New-TunnelZone other.test -WhatIf; Get-TunnelZone other.test"));
    }

    [Fact]
    public void One_bad_item_of_a_pipeline_is_one_error_and_the_others_are_done()
    {
        ErrorRecord error = _host.Host.RunToError("'one.test', 'not a zone', 'two.test' | New-TunnelZone");

        Assert.Equal("not a zone", error.TargetObject);
        Assert.Equal("ApiRefused,Tunnel.PowerShell.Zone.NewTunnelZone", error.FullyQualifiedErrorId);
        Assert.Equal(2, _host.Host.Run("Get-TunnelZone one.test, two.test").Count);
    }

    [Fact]
    public void A_zone_is_removed_by_name_and_by_pipeline()
    {
        _host.Host.Run("New-TunnelZone one.test; Remove-TunnelZone one.test -Confirm:$false");
        _host.Host.Run("New-TunnelZone two.test | Remove-TunnelZone -Confirm:$false");

        Assert.Equal("example.test", _host.Host.RunOne("Get-TunnelZone").Properties["Name"].Value);
        Assert.Equal(
            "ResourceNotFound,Tunnel.PowerShell.Zone.RemoveTunnelZone",
            _host.Host.RunToError("Remove-TunnelZone one.test -Confirm:$false").FullyQualifiedErrorId);
    }

    [Fact]
    public void An_active_zone_is_not_waited_for()
    {
        using System.Management.Automation.PowerShell shell = _host.Host.Create("Get-TunnelZone | Wait-TunnelZone -Timeout 1");

        Assert.Equal("active", Assert.Single(shell.Invoke()).Properties["Status"].Value);
        Assert.Empty(shell.Streams.Progress);
    }

    [Fact]
    public void A_pending_zone_is_waited_for_with_progress()
    {
        using System.Management.Automation.PowerShell shell = _host.Host.Create(
            """
            param($State)
            $account = Start-TunnelEdge $State -PendingZones | Connect-TunnelAccount
            $zone = New-TunnelZone waiting.test -Account $account
            $zone.Status
            ($zone | Wait-TunnelZone -Account $account -Timeout 20).Status
            """, _host.Folder.File("pending"));

        Assert.Equal(["pending", "active"], shell.Invoke().Select(o => o.ToString()));
        Assert.NotEmpty(shell.Streams.Progress);
        Assert.Empty(shell.Streams.Error);
    }

    [Fact]
    public void An_edge_that_is_gone_is_an_error_that_says_so()
    {
        ErrorRecord error = _host.Host.RunToError("Get-TunnelEdge | Stop-TunnelEdge; Get-TunnelZone");

        Assert.Equal("ApiNotReached,Tunnel.PowerShell.Zone.GetTunnelZone", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.ConnectionError, error.CategoryInfo.Category);
    }
}
