using System.Diagnostics;
using System.Net;
using Tunnel.Core.Ingress;
using Tunnel.Core.Ingress.Windows;

namespace Tunnel.EndToEnd.Tests.Ingress.Windows;

/// <summary>The scripts of the lock of Windows, run whole, on a stand-in for its cmdlets. The real system has not run them yet.</summary>
public sealed class WindowsFirewallTests : IClassFixture<PowerShellServer>, IDisposable
{
    private static readonly HostFacts s_facts = new() { Listening = [new("tcp", IPEndPoint.Parse("0.0.0.0:22"), null)] };

    private readonly NetSecurityStandIn _windows;
    private readonly WindowsFirewall _firewall;

    public WindowsFirewallTests(PowerShellServer server)
    {
        _windows = new NetSecurityStandIn(server);
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the stand-in is started by /bin/sh");
        _firewall = new WindowsFirewall(_windows.Options);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_lock_disables_what_opens_confirms_and_comes_back_exactly()
    {
        await _firewall.ApplyAsync(Plan(new() { AllowedInterfaces = ["Büro's LAN"], AllowedPorts = [AllowedPort.Parse("8000-8010/udp")] }), Stop);

        var locked = _windows.Firewall;
        Assert.Contains("RemoteDesktop-UserMode-In-TCP|Remote Desktop|False", locked, StringComparison.Ordinal);
        Assert.Contains("{0A1B-[x]}|It's \"mine\" * ü|False", locked, StringComparison.Ordinal);
        Assert.Contains("Blocked-App|Blocked app|True", locked, StringComparison.Ordinal);
        Assert.Contains("CoreNet-DNS-Out-UDP|DNS|True", locked, StringComparison.Ordinal);
        Assert.Contains("interface Büro's LAN", locked, StringComparison.Ordinal);
        Assert.Contains("UDP  local 8000-8010", locked, StringComparison.Ordinal);
        Assert.Equal(3, locked.Split('\n').Count(l => l.EndsWith("|True|Block|Allow|True|False", StringComparison.Ordinal)));
        AssertInOrder("icacls", "netsh advfirewall export", "Register-ScheduledTask", "Start-ScheduledTask", "New-NetFirewallRule", "Set-NetFirewallProfile", "Disable-NetFirewallRule");
        Assert.True(File.Exists(Path.Combine(_windows.StateDirectory, "snapshot.wfw")));
        var state = await _firewall.ReadAsync(Stop);
        Assert.Equal(IngressStatus.Unconfirmed, state.Status);
        Assert.InRange(state.OpensAt!.Value - DateTimeOffset.UtcNow, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(121));
        Assert.Contains(state.Openings, o => o.What == "8000-8010/udp");

        await _firewall.ConfirmAsync(Stop);
        await _firewall.PersistAsync(Stop);
        state = await _firewall.ReadAsync(Stop);
        Assert.Equal((IngressStatus.Closed, true), (state.Status, state.IsPersistent));
        Assert.Null(_windows.Task);

        await _firewall.RestoreAsync(Stop);
        Assert.Equal(NetSecurityStandIn.Before, _windows.Firewall);
        Assert.Equal(["snapshot.wfw"], Directory.GetFiles(_windows.StateDirectory).Select(Path.GetFileName));
        await _firewall.RestoreAsync(Stop);
        Assert.Equal(NetSecurityStandIn.Before, _windows.Firewall);
    }

    [Fact]
    public async Task The_task_opens_a_lock_that_nobody_confirmed_and_leaves_one_that_somebody_did()
    {
        await _firewall.ApplyAsync(Plan(new()), Stop);
        var task = _windows.Task!;
        await File.WriteAllTextAsync(Path.Combine(_windows.StateDirectory, "pending"), "1000\n", Stop);
        await RunAsync(task);
        Assert.Equal(NetSecurityStandIn.Before, _windows.Firewall);
        Assert.Null(_windows.Task);
        Assert.Equal(IngressStatus.Open, (await _firewall.ReadAsync(Stop)).Status);
        await RefusedAsync(NetworkIngressError.NotLocked, _firewall.ConfirmAsync(Stop));

        await _firewall.ApplyAsync(Plan(new()), Stop);
        await _firewall.ConfirmAsync(Stop);
        await RunAsync(task);
        Assert.Equal(IngressStatus.Closed, (await _firewall.ReadAsync(Stop)).Status);
    }

    [Fact]
    public async Task An_end_that_cannot_be_read_is_asked_for_again_and_is_over_when_it_stays_so()
    {
        await _firewall.ApplyAsync(Plan(new()), Stop);
        await File.WriteAllTextAsync(Path.Combine(_windows.StateDirectory, "pending"), "soon\n", Stop);
        var asked = Stopwatch.StartNew();
        await RunAsync(_windows.Task!);
        Assert.InRange(asked.Elapsed, TimeSpan.FromSeconds(4), TimeSpan.MaxValue);
        Assert.Equal(NetSecurityStandIn.Before, _windows.Firewall);
        Assert.Null(_windows.Task);
    }

    [Theory]
    [InlineData("Register-ScheduledTask")]
    [InlineData("Disable-NetFirewallRule")]
    public async Task What_fails_in_the_middle_is_undone(string cmdlet)
    {
        var before = await _firewall.CaptureAsync(Stop);
        _windows.Break(cmdlet);
        await RefusedAsync(NetworkIngressError.FirewallRefused, _firewall.ApplyAsync(Plan(new()), Stop));
        _windows.Break(null);

        await _firewall.ReturnToAsync(before, Stop);

        Assert.Equal(NetSecurityStandIn.Before, _windows.Firewall);
        Assert.Null(_windows.Task);
    }

    [Fact]
    public async Task Another_lock_takes_the_place_of_one_and_gives_it_back()
    {
        var first = Plan(new() { AllowedPorts = [AllowedPort.Parse("80")] });
        await _firewall.ApplyAsync(first, Stop);
        await _firewall.ConfirmAsync(Stop);
        Assert.True(await _firewall.IsInForceAsync(Plan(new() { AllowedPorts = [AllowedPort.Parse("80")] }), Stop));
        var captured = await _firewall.CaptureAsync(Stop);

        await _firewall.ApplyAsync(Plan(new() { Outbound = new() { EndPoints = [IPEndPoint.Parse("[2001:db8::9]:7844")] } }), Stop);
        Assert.False(await _firewall.IsInForceAsync(first, Stop));
        Assert.DoesNotContain("local 80 ", _windows.Firewall, StringComparison.Ordinal);
        Assert.Contains("CoreNet-DNS-Out-UDP|DNS|False", _windows.Firewall, StringComparison.Ordinal);
        Assert.Contains("remote 2001:db8::9 7844", _windows.Firewall, StringComparison.Ordinal);

        await _firewall.ReturnToAsync(captured, Stop);
        Assert.True(await _firewall.IsInForceAsync(first, Stop));
        Assert.Equal(IngressStatus.Closed, (await _firewall.ReadAsync(Stop)).Status);

        _windows.AddRule("New-App|New app|True|Allow|Inbound|Local|");
        Assert.Contains("New app", Assert.Single((await _firewall.ReadAsync(Stop)).Notes), StringComparison.Ordinal);
        Assert.False(await _firewall.IsInForceAsync(first, Stop));
        await _firewall.RestoreAsync(Stop);
        Assert.Equal(NetSecurityStandIn.Before, _windows.Firewall.Replace("New-App|New app|True|Allow|Inbound|Local|\n", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_group_policy_is_told_and_one_that_opens_a_profile_refuses_the_lock()
    {
        _windows.AddRule("{GPO-1}|Managed agent|True|Allow|Inbound|GroupPolicy|");
        Assert.Equal(["Managed agent"], (await _firewall.LookAsync(Stop)).EarlierRules);

        await File.WriteAllTextAsync(Path.Combine(Path.GetDirectoryName(_windows.Program)!, "policy"), "", Stop);
        await RefusedAsync(NetworkIngressError.FirewallRefused, _firewall.ApplyAsync(Plan(new()), Stop));
    }

    public void Dispose() => _windows.Dispose();

    private FirewallPlan Plan(NetworkIngressRules rules) => _firewall.Plan(rules, s_facts);

    private async Task RunAsync(string script)
    {
        var result = await _windows.RunAsync(script);
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
    }

    private static async Task RefusedAsync(NetworkIngressError error, Task task) =>
        Assert.Equal(error, (await Assert.ThrowsAsync<NetworkIngressException>(() => task)).Error);

    private void AssertInOrder(params string[] steps)
    {
        var from = 0;
        foreach (var step in steps)
        {
            var at = _windows.Log.IndexOf(step, from, StringComparison.Ordinal);
            Assert.True(at >= 0, $"{step} comes too early, or never:\n{_windows.Log}");
            from = at;
        }
    }
}
