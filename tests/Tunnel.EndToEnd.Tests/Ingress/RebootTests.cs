using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests.Ingress;

/// <summary>
/// A lock over a reboot of a real systemd. The network is up before the boot, which is harder than a real one: nothing but
/// the order of the units keeps the door closed.
/// </summary>
/// <remarks>
/// Heavy, and so asked for: <c>TUNNEL_BOOT_ROOT</c> names the root of a Debian with systemd-sysv, dbus, nftables,
/// openssh-server and libicu (<c>mmdebstrap --variant=minbase --include=...</c>). It is used as it is and not changed.
/// </remarks>
public sealed class RebootTests(NetworkLab lab) : IClassFixture<NetworkLab>, IAsyncLifetime
{
    private static readonly string? s_root = Environment.GetEnvironmentVariable("TUNNEL_BOOT_ROOT");

    private RunningProgram? _machine;

    public ValueTask InitializeAsync()
    {
        Assert.SkipWhen(NetworkLab.Missing is not null, NetworkLab.Missing ?? "");
        Assert.SkipWhen(s_root is null, "needs TUNNEL_BOOT_ROOT, the root of a Debian with systemd");
        Assert.SkipUnless(File.Exists("/usr/bin/systemd-nspawn"), "needs systemd-nspawn (Debian: systemd-container)");
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task The_door_is_closed_from_the_first_moment_of_a_boot()
    {
        await lab.StopSshdAsync(); // the machine has its own
        await ProcessResult.RunAsync("cp", ["-a", s_root!, Root]);
        await BootAsync();
        await NetworkLab.WaitForAsync(() => lab.AnswersAsync(), "sshd of the machine answers", TimeSpan.FromSeconds(60));
        var probes = await ProbeAsync(() => Task.Delay(1000));
        Assert.NotEqual(0, probes); // the probe sees an open door

        await InsideAsync("sh", "-ec", "printf 'flush ruleset\\n' > /etc/nftables.conf");
        await InsideAsync("systemctl", "enable", "--now", "nftables.service");
        var locked = await InsideAsync(Repository.Shell, "-Command", $"""
            $ErrorActionPreference = 'Stop'; Import-Module '{Repository.ModuleManifest}'
            $null = Disable-NetworkIngress {NetworkLab.Hostname} -Force; $state = Confirm-NetworkIngress -Persist; "$state"
            """);
        Assert.Contains("locked, also after a reboot", locked, StringComparison.Ordinal);

        // What flushes takes the lock away for less than a moment, before it has ever been booted with.
        await LockComesBackAsync("systemctl", "restart", "nftables.service");
        await LockComesBackAsync("systemctl", "reload", "nftables.service");
        await InsideAsync("systemctl", "stop", "nftables.service");
        await LockComesBackAsync("systemctl", "start", "nftables.service");
        await LockComesBackAsync("nft", "-f", "/etc/nftables.conf");
        await LockComesBackAsync("nft", "flush", "ruleset");
        await LockComesBackAsync("sh", "-ec", "kill -9 $(pgrep -x nft); nft delete table inet tunnel_ingress");

        await PowerOffAsync();
        await lab.OpenAsync(); // as a kernel begins
        var seen = await ProbeAsync(async () =>
        {
            await BootAsync();
            await NetworkLab.WaitForAsync(ListensAsync, "sshd runs", TimeSpan.FromSeconds(60));
            await Task.Delay(2000);
        });

        Assert.Equal(0, seen);
        Assert.Contains("tunnel_ingress", await TablesAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("ordering cycle", await InsideAsync("journalctl", "-b", "--no-pager"), StringComparison.Ordinal);
        var opened = await InsideAsync(Repository.Shell, "-Command", $"Import-Module '{Repository.ModuleManifest}'; \"$(Enable-NetworkIngress -Confirm:$false)\"");
        Assert.Contains("open", opened, StringComparison.Ordinal);
        await lab.MustAnswerAsync();
        Assert.DoesNotContain("tunnel-ingress", await InsideAsync("sh", "-c", "systemctl list-unit-files; ls -R /etc/systemd /etc/tunnel"), StringComparison.Ordinal);
    }

    // The command waits for what flushes, and not for the lock that comes right after it.
    private async Task LockComesBackAsync(params string[] command)
    {
        await InsideAsync(command);
        await NetworkLab.WaitForAsync(
            async () => (await TablesAsync()).Contains("tunnel_ingress", StringComparison.Ordinal), $"the lock is back after {string.Join(' ', command)}", TimeSpan.FromSeconds(10));
        Assert.False(await lab.AnswersAsync());
    }

    public async ValueTask DisposeAsync()
    {
        if (_machine is not null)
        {
            await _machine.DisposeAsync();
            await ProcessResult.RunAsync("rm", ["-rf", "--one-file-system", Root]);
            await lab.OpenAsync();
        }
    }

    private string Root => $"/var/lib/machines/{lab.Space("boot")}";

    private async Task BootAsync()
    {
        _machine = new RunningProgram("systemd-nspawn",
        [
            "--quiet", "--directory", Root, "--register=no", "--keep-unit", "--network-namespace-path=/run/netns/" + lab.Space("server"),
            "--capability=CAP_NET_ADMIN", $"--bind-ro={Dotnet}", $"--bind-ro={Repository.Root}", $"--bind={lab.Home}", "--console=pipe", "--boot",
        ], new Dictionary<string, string>());
        await NetworkLab.WaitForAsync(async () => (await LeaderAsync()) is not null, "the machine has begun");
    }

    private async Task PowerOffAsync()
    {
        await ExecuteInsideAsync("systemctl", "poweroff");
        await Eventually.True(() => _machine!.HasExited, "the machine is off", TimeSpan.FromSeconds(60));
        await _machine!.DisposeAsync();
    }

    // The only child of systemd-nspawn is the machine's init.
    private async Task<string?> LeaderAsync() =>
        (await ProcessResult.RunAsync("pgrep", ["-P", $"{_machine!.Id}"])).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();

    private async Task<ProcessResult> ExecuteInsideAsync(params string[] command) => await ProcessResult.RunAsync(
        "nsenter", ["--target", (await LeaderAsync())!, "--all", "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", $"HOME={lab.Home}", $"DOTNET_ROOT={Dotnet}", .. command],
        TimeSpan.FromMinutes(1));

    private async Task<string> InsideAsync(params string[] command)
    {
        var result = await ExecuteInsideAsync(command);
        Assert.True(result.ExitCode == 0 || command[0] == "sh", $"{string.Join(' ', command)}: {result.Output}{result.Error}");
        return result.Output;
    }

    // By the machine's own nft: an older one may not read what it has made.
    private Task<string> TablesAsync() => InsideAsync("nft", "list", "tables");

    private async Task<bool> ListensAsync() => (await lab.RunAsync("server", "ss", "-ltn", "sport", "=", ":22")).Contains(":22", StringComparison.Ordinal);

    /// <summary>Knocks again and again from outside.</summary>
    /// <returns>How often the door was open.</returns>
    private async Task<int> ProbeAsync(Func<Task> meanwhile)
    {
        await using var prober = lab.Start("stranger", "bash", "-c",
            $"while :; do for a in {NetworkLab.Server4} {NetworkLab.Server6}; do (exec 3<>/dev/tcp/$a/22) 2>/dev/null && echo open; done & sleep 0.02; done");
        await meanwhile();
        return prober.Output.Split("open").Length - 1;
    }

    private static string Dotnet => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", ".."));
}
