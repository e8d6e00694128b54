using System.Management.Automation;
using System.Security;
using Tunnel.Testing;

namespace Tunnel.PowerShell.Tests.Tunnels;

public sealed class TunnelTests : IDisposable
{
    private const string Namespace = "Tunnel.PowerShell.Tunnels";

    private readonly ConnectedHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Creating_a_tunnel_twice_gives_the_same_and_another_kind_is_a_conflict()
    {
        Assert.Equal(Value("(New-Tunnel home).Id"), Value("(New-Tunnel home).Id"));

        ErrorRecord error = _host.Host.RunToError("New-Tunnel home -RemotelyManaged");

        Assert.Equal($"ResourceConflict,{Namespace}.NewTunnel", error.FullyQualifiedErrorId);
        Assert.Equal("cloudflare", Value("(New-Tunnel remote -RemotelyManaged).ConfigSrc"));
        Assert.Equal("home", Value("(Get-Tunnel h*).Name"));
        Assert.Empty(_host.Host.Run("Get-Tunnel -Status healthy, down"));
        Assert.Equal(2, _host.Host.Run("Get-Tunnel -Status inactive").Count);
    }

    [Fact]
    public void WhatIf_changes_nothing()
    {
        _host.Host.Run("New-Tunnel home -RemotelyManaged; New-TunnelRoute ssh.example.test home -WarningAction Ignore");

        Assert.Empty(_host.Host.Run(
            """
            New-Tunnel other -WhatIf
            Set-TunnelConfiguration home -Hostname ssh.example.test -Url ssh://localhost:22 -WhatIf
            New-TunnelRoute www.example.test home -WhatIf -WarningAction Ignore
            Remove-TunnelRoute ssh.example.test -WhatIf
            Clear-TunnelConnection home -WhatIf
            Remove-Tunnel home -WhatIf
            Remove-TunnelZone example.test -WhatIf
            """));
        Assert.Equal("home", Value("(Set-Tunnel home -NewName other -ResetSecret -WhatIf).Name"));

        Assert.Equal("home", Value("(Get-Tunnel).Name"));
        Assert.Equal("ssh.example.test", Value("(Get-TunnelRoute).Hostname"));
        Assert.Equal("0", Value("(Get-TunnelConfiguration home).Version"));
    }

    [Fact]
    public void A_new_name_asks_only_who_wants_to_be_asked()
    {
        _host.Host.Run("New-Tunnel home");
        Assert.Equal("home", Value("$WhatIfPreference = $true; (Set-Tunnel home -NewName other).Name; $WhatIfPreference = $false"));
        Assert.Equal("other", Value("$ConfirmPreference = 'None'; (Set-Tunnel home -NewName other).Name; $ConfirmPreference = 'High'"));
        Assert.Equal("office", Value("(Set-Tunnel other -NewName office -Confirm:$false).Name"));
    }

    [Fact]
    public void A_tunnel_is_renamed_and_removed_with_its_routes()
    {
        _host.Host.Run("New-Tunnel home | Set-Tunnel -NewName office"); // asks nobody

        _host.Host.Run("'a', 'b' | ForEach-Object { New-TunnelRoute \"$_.example.test\" office }");
        Assert.Equal(2, _host.Host.Run("Get-Tunnel office | Get-TunnelRoute").Count);

        _host.Host.Run("Get-Tunnel | Remove-Tunnel -Confirm:$false");

        Assert.Empty(_host.Host.Run("Get-Tunnel; Get-TunnelRoute"));
        Assert.Equal("office", Value("(Get-Tunnel -IncludeDeleted).Name"));
        Assert.Equal(
            $"ResourceNotFound,{Namespace}.RemoveTunnel",
            _host.Host.RunToError("Remove-Tunnel office -Confirm:$false").FullyQualifiedErrorId);
    }

    [Fact]
    public void A_token_is_a_SecureString_unless_text_is_asked_for()
    {
        _host.Host.Run("New-Tunnel home");
        Assert.IsType<SecureString>(_host.Host.RunOne("Get-TunnelToken home").BaseObject);
        string before = Value("Get-TunnelToken home -AsPlainText");
        Assert.True(before.Length > 100);

        _host.Host.Run("Set-Tunnel home -ResetSecret -Confirm:$false");

        Assert.NotEqual(before, Value("Get-Tunnel home | Get-TunnelToken -AsPlainText"));
    }

    [Fact]
    public void The_objects_of_the_ssh_tunnel_cmdlets_name_tunnels_too()
    {
        _host.Host.Run("New-AccessApplication ssh.example.test; Start-SshTunnel ssh.example.test | Wait-SshTunnel -Timeout 30");

        Assert.Equal(4, _host.Host.Run("Get-SshTunnel | Get-TunnelConnection").Count);
        Assert.Equal("healthy", Value("(Get-SshTunnel | Get-Tunnel).Status"));
        Assert.Equal("ssh.example.test", Value("(Get-SshTunnel | Get-TunnelRoute).Hostname"));
        Assert.Equal("ssh.example.test", Value("(Get-Tunnel | Get-SshTunnel).Hostname"));
        // The first connection says its rules once it is registered.
        Assert.True(SpinWait.SpinUntil(() => Value("(Get-SshTunnel | Get-TunnelConfiguration).Source") == "local", Eventually.Limit), "Its rules are shown.");
        Assert.Equal("Tunnel.Core.Tunnels.TunnelConfigurationRule", Value("(Get-SshTunnel | Get-TunnelConfiguration).Rules[0].GetType().FullName"));
    }

    [Fact]
    public void A_tunnel_that_runs_is_removed_only_by_force()
    {
        _host.Host.Run("New-AccessApplication ssh.example.test; Start-SshTunnel ssh.example.test | Wait-SshTunnel -Timeout 30");

        ErrorRecord error = _host.Host.RunToError("Remove-Tunnel ssh.example.test -Confirm:$false");

        Assert.Equal($"ResourceConflict,{Namespace}.RemoveTunnel", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.ResourceExists, error.CategoryInfo.Category);
        Assert.Equal("True", Value("(Get-SshTunnel).IsRunningHere"));

        _host.Host.Run("Get-SshTunnel | Remove-Tunnel -Force -Confirm:$false");
        Assert.Empty(_host.Host.Run("Get-Tunnel; Get-SshTunnel; Get-TunnelRoute"));
        Assert.Empty(Directory.GetFiles(_host.Folder.File("tunnels")));
    }

    [Fact]
    public void Cleared_connections_are_others_afterwards()
    {
        _host.Host.Run("New-AccessApplication ssh.example.test; Start-SshTunnel ssh.example.test | Wait-SshTunnel -Timeout 30");
        Assert.Equal("True", Value(
            """
            $before = Get-TunnelConnection ssh.example.test
            # All connections of one connector: ended once.
            $before | Clear-TunnelConnection -Confirm:$false
            while (@(Get-TunnelConnection).Count -lt 4) { [Threading.Thread]::Sleep(10) }
            -not (Get-TunnelConnection | Where-Object { $before.Id -contains $_.Id })
            """));
    }

    [Fact]
    public void A_configuration_counts_its_versions_and_moves_between_tunnels()
    {
        _host.Host.Run("'one', 'two' | New-Tunnel -RemotelyManaged");
        const string Set = "Set-TunnelConfiguration one -Hostname ssh.example.test -Url ssh://localhost:22 -Confirm:$false";
        Assert.Equal("1", Value($"({Set}).Version"));
        Assert.Equal("1", Value($"({Set}).Version"));

        _host.Host.Run("Set-TunnelConfiguration two -Configuration (Get-TunnelConfiguration one) -Confirm:$false");

        Assert.Equal("ssh://localhost:22", Value("(Get-TunnelConfiguration two).Rules[0].Service"));
        string file = _host.Folder.File("config.yml");
        File.WriteAllText(file, "tunnel: x\nloglevel: debug\ningress:\n  - service: tcp://localhost:1\n");
        using System.Management.Automation.PowerShell shell = _host.Host.Create(
            "param($File) Set-TunnelConfiguration one -Path $File -Confirm:$false", file);
        Assert.Equal(2, Assert.Single(shell.Invoke()).Properties["Version"].Value);
        Assert.Single(shell.Streams.Warning);
    }

    [Fact]
    public void A_configuration_that_cannot_work_or_would_displace_a_file_is_one_error()
    {
        _host.Host.Run("New-Tunnel remote -RemotelyManaged; New-Tunnel local");
        string file = _host.Folder.File("config.yml");
        File.WriteAllText(file, "ingress:\n  - hostname: a.example.test\n    service: ssh://localhost:22\n");

        Assert.Equal($"ConfigurationNotUsable,{Namespace}.SetTunnelConfiguration", _host.Host.RunToError(
            "param($File) Set-TunnelConfiguration remote -Path $File -Confirm:$false", file).FullyQualifiedErrorId);
        Assert.Equal($"ResourceConflict,{Namespace}.SetTunnelConfiguration", _host.Host.RunToError(
            "Set-TunnelConfiguration local -Hostname a.example.test -Url ssh://localhost:22 -Confirm:$false").FullyQualifiedErrorId);
        Assert.Equal($"ConfigurationNotUsable,{Namespace}.SetTunnelConfiguration", _host.Host.RunToError(
            "Set-TunnelConfiguration remote -Hostname a.example.test -Url nonsense -Confirm:$false").FullyQualifiedErrorId);
    }

    private string Value(string script) => _host.Host.RunOne(script).ToString();
}
