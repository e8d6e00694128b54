using System.Net;
using System.Xml.Linq;
using Tunnel.Core.Ingress;
using Tunnel.Core.Ingress.MacOS;
using Tunnel.Testing;

namespace Tunnel.Core.Tests.Ingress.MacOS;

/// <summary>
/// The scripts of the lock of macOS, run whole by a real shell, on stand-ins for pfctl and launchctl. The real system has
/// not run them yet.
/// </summary>
public sealed class PacketFilterTests : IDisposable
{
    // As /etc/pf.conf of macOS has it, loaded: pfctl -s rules.
    private const string MainRules = """
        scrub-anchor "com.apple/*" all fragment reassemble
        anchor "com.apple/*" all

        """;

    private static readonly HostSession s_caller = new(IPEndPoint.Parse("192.0.2.1:22"), IPEndPoint.Parse("198.51.100.7:40000"));

    private static readonly HostFacts s_facts = new()
    {
        Listening = [new("tcp", IPEndPoint.Parse("0.0.0.0:22"), null), new("udp", IPEndPoint.Parse("0.0.0.0:7"), null)],
        Sessions = [s_caller, new(IPEndPoint.Parse("192.0.2.1:22"), IPEndPoint.Parse("198.51.100.8:40001")), new(IPEndPoint.Parse("[2001:db8::1]:50000"), IPEndPoint.Parse("[2001:db8::9]:7844"))],
        Caller = s_caller,
        InternalInterfaces = ["bridge100"],
    };

    private readonly TemporaryDirectory _mac = new();
    private readonly PacketFilterOptions _options;
    private readonly PacketFilter _firewall;

    public PacketFilterTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs /bin/sh");
        File.WriteAllText(_mac.File("main"), MainRules);
        File.WriteAllText(_mac.File("jobs"), "");
        Directory.CreateDirectory(_mac.File("daemons"));
        _options = new()
        {
            RuntimeDirectory = _mac.File("run it's"),
            StateDirectory = _mac.File("Application Support"),
            DaemonDirectory = _mac.File("daemons"),
            PfctlProgram = StandIn("pfctl", """
                [ -e broken ] && { echo 'pfctl: broken' >&2; exit 1; }
                case "$*" in
                  '-s info') if [ -e enabled ]; then echo 'Status: Enabled for 0 days 00:00:07          Debug: Urgent'; else echo 'Status: Disabled for 0 days 00:00:07         Debug: Urgent'; fi ;;
                  -E) : > enabled; printf 'No ALTQ support in kernel\npf enabled\nToken : 4242\n' >&2 ;;
                  '-X 4242') rm -f enabled ;;
                  *'-s rules') cat main ;;
                  *'-s labels') [ ! -e anchor ] || sed -n 's/.* label "\([^"]*\)".*/\1 12 3 180 3 180 0 0/p' anchor ;;
                  *' -n '*' -f '*) true ;;
                  *' -f '*) for last; do :; done; (cd "$from" && cat "$last") > anchor ;;
                  *'-F rules') rm -f anchor ;;
                  *) echo "$*" >> asked ;;
                esac
                """),
            // As launchctl list prints it: process, status, label.
            LaunchctlProgram = StandIn("launchctl", """
                case "$1" in
                  bootstrap) cat "$3" > job; sed -n 's|.*<string>\(tunnel[^<]*\)</string>.*|-\t0\t\1|p' job >> jobs ;;
                  list) printf 'PID\tStatus\tLabel\n88\t0\tcom.apple.pfd\n'; cat jobs ;;
                  bootout) grep -v "${2#system/}" jobs > rest; mv rest jobs ;;
                esac
                """),
            SshConnection = null,
        };
        _firewall = new PacketFilter(_options);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_lock_is_made_confirmed_kept_and_undone()
    {
        var plan = Plan(new() { AllowedPorts = [AllowedPort.Parse("8000-8010/udp")], Persist = true });
        await _firewall.ApplyAsync(plan, Stop);
        var state = await _firewall.ReadAsync(Stop);
        Assert.Equal((IngressStatus.Unconfirmed, true, false), (state.Status, state.PersistsOnConfirm, state.IsPersistent));
        Assert.InRange(state.OpensAt!.Value - DateTimeOffset.UtcNow, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(121));
        Assert.Contains(state.Openings, o => o.What == "8000-8010/udp");
        Assert.Contains(state.Dropped, d => d is { Protocol: "tcp", Port: 22, Packets: 3 });
        Assert.Equal(9, state.DroppedPackets);
        Assert.True(await _firewall.IsInForceAsync(Plan(new() { AllowedPorts = [AllowedPort.Parse("8000-8010/udp")], Persist = true }), Stop));
        Assert.False(await _firewall.IsInForceAsync(Plan(new()), Stop));

        Assert.Contains("tunnel.ingress.undo.", Jobs, StringComparison.Ordinal);
        await _firewall.ConfirmAsync(Stop);
        Assert.Equal("", Jobs);
        await _firewall.PersistAsync(Stop);
        state = await _firewall.ReadAsync(Stop);
        Assert.Equal((IngressStatus.Closed, true), (state.Status, state.IsPersistent));
        Assert.DoesNotContain("198.51.100", await File.ReadAllTextAsync(_mac.File("Application Support/ingress.pf"), Stop), StringComparison.Ordinal);

        // A boot: the kernel and /var/run are empty.
        File.Delete(_mac.File("anchor"));
        File.Delete(_mac.File("enabled"));
        Directory.Delete(_options.RuntimeDirectory, recursive: true);
        await RunJobAsync(Directory.GetFiles(_mac.File("daemons")).Single());
        state = await _firewall.ReadAsync(Stop);
        Assert.Equal((IngressStatus.Closed, true), (state.Status, state.IsPersistent));

        await _firewall.RestoreAsync(Stop);
        Assert.Equal((IngressStatus.Open, false), ((await _firewall.ReadAsync(Stop)).Status, File.Exists(_mac.File("enabled"))));
        Assert.Empty(Directory.GetFiles(_mac.File("daemons")));
        Assert.Empty(Directory.GetFiles(_mac.File("Application Support")));
        Assert.Empty(Directory.GetFiles(_options.RuntimeDirectory));
        await _firewall.RestoreAsync(Stop);
    }

    [Fact]
    public async Task The_job_opens_a_lock_that_nobody_confirmed_and_leaves_one_that_somebody_did()
    {
        await _firewall.ApplyAsync(Plan(new()), Stop);
        await File.WriteAllTextAsync(Path.Combine(_options.RuntimeDirectory, "pending"), "1000\n", Stop);
        await File.AppendAllTextAsync(_mac.File("jobs"), "-\t0\ttunnel.ingress.undo.next\n", Stop);
        await RunJobAsync(_mac.File("job"));
        Assert.Equal("-\t0\ttunnel.ingress.undo.next\n", Jobs);
        Assert.False(File.Exists(_mac.File("anchor")));
        Assert.Equal(IngressStatus.Open, (await _firewall.ReadAsync(Stop)).Status);
        await RefusedAsync(NetworkIngressError.NotLocked, _firewall.ConfirmAsync(Stop));

        await _firewall.ApplyAsync(Plan(new()), Stop);
        await _firewall.ConfirmAsync(Stop);
        await RunJobAsync(_mac.File("job"));
        Assert.Equal(IngressStatus.Closed, (await _firewall.ReadAsync(Stop)).Status);
    }

    [Fact]
    public async Task What_fails_in_the_middle_is_undone_and_an_earlier_lock_comes_back()
    {
        var nothing = await _firewall.CaptureAsync(Stop);
        await File.WriteAllTextAsync(_mac.File("broken"), "", Stop);
        await RefusedAsync(NetworkIngressError.FirewallRefused, _firewall.ApplyAsync(Plan(new()), Stop));
        File.Delete(_mac.File("broken"));
        await _firewall.ReturnToAsync(nothing, Stop);
        Assert.Equal((false, false), (File.Exists(_mac.File("anchor")), File.Exists(_mac.File("enabled"))));

        await _firewall.ApplyAsync(Plan(new()), Stop);
        await _firewall.ConfirmAsync(Stop);
        var rules = await File.ReadAllTextAsync(_mac.File("anchor"), Stop);
        var first = await _firewall.CaptureAsync(Stop);
        await _firewall.ApplyAsync(Plan(new() { AllowIcmp = true }), Stop);
        await _firewall.ReturnToAsync(first, Stop);
        Assert.Equal(rules, await File.ReadAllTextAsync(_mac.File("anchor"), Stop));
        Assert.Equal(IngressStatus.Closed, (await _firewall.ReadAsync(Stop)).Status);
    }

    [Fact]
    public void Sessions_from_outside_are_cut_and_the_callers_and_the_connectors_are_not()
    {
        var rules = Plan(new() { CloseEstablished = true }).Apply[^1].Input!.Split('\n');
        Assert.Contains("pass in quick inet proto tcp from 198.51.100.7 port 40000 to 192.0.2.1 port 22 flags /S no state", rules);
        Assert.Contains("block return-rst in quick inet proto tcp from 198.51.100.8 port 40001 to 192.0.2.1 port 22", rules);
        Assert.Contains("pass in quick inet6 proto tcp from 2001:db8::9 port 7844 to 2001:db8::1 port 50000 flags /S no state", rules);
        Assert.Contains("pass out quick proto udp from any port 7 to any no state", rules);
        Assert.Equal("block drop in quick all label \"tunnel-drop\"", rules[^3]);
    }

    [Fact]
    public async Task An_end_that_cannot_be_read_is_over()
    {
        await _firewall.ApplyAsync(Plan(new()), Stop);
        await File.WriteAllTextAsync(Path.Combine(_options.RuntimeDirectory, "pending"), "soon\n", Stop);
        await RunJobAsync(_mac.File("job"));
        Assert.Equal(IngressStatus.Open, (await _firewall.ReadAsync(Stop)).Status);
    }

    [Fact]
    public void What_pf_knows_of_the_callers_host_is_not_killed()
    {
        var others = s_facts with { Sessions = [.. s_facts.Sessions, new(IPEndPoint.Parse("192.0.2.1:22"), IPEndPoint.Parse("198.51.100.7:40002"))] };
        var plan = _firewall.Plan(new() { CloseEstablished = true }, others);
        var script = plan.Apply[^1].Arguments[^1];
        Assert.Contains("-k '198.51.100.8' -k '192.0.2.1'", script, StringComparison.Ordinal);
        Assert.DoesNotContain("-k '198.51.100.7'", script, StringComparison.Ordinal);
        Assert.Contains(plan.Notes, n => n.Contains("from your own address, 198.51.100.7", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Rules_of_others_that_come_first_are_told()
    {
        await File.WriteAllTextAsync(_mac.File("main"), "pass in quick proto tcp from any to any port = 80 flags S/SA keep state\n" + MainRules, Stop);
        var plan = _firewall.Plan(new(), await _firewall.LookAsync(Stop));
        Assert.Contains(plan.Notes, n => n.Contains("port = 80", StringComparison.Ordinal));
        Assert.Contains(plan.Notes, n => n.Contains("not been run on the real system", StringComparison.Ordinal));

        await File.WriteAllTextAsync(_mac.File("main"), "block drop all\n", Stop);
        await RefusedAsync(NetworkIngressError.FirewallMissing, _firewall.LookAsync(Stop));
    }

    public void Dispose() => _mac.Dispose();

    private string Jobs => File.ReadAllText(_mac.File("jobs"));

    private FirewallPlan Plan(NetworkIngressRules rules) => _firewall.Plan(rules, s_facts);

    private static async Task RefusedAsync(NetworkIngressError error, Task task) =>
        Assert.Equal(error, (await Assert.ThrowsAsync<NetworkIngressException>(() => task)).Error);

    // What launchd does with a job: it runs the program with its arguments.
    private static async Task RunJobAsync(string plist)
    {
        var job = XDocument.Parse((await File.ReadAllTextAsync(plist, Stop)).Replace("<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">", "", StringComparison.Ordinal));
        var words = job.Descendants("array").Single().Elements("string").Select(e => e.Value).ToList();
        var result = await ProcessResult.RunAsync(words[0], words.Skip(1));
        Assert.True(result.ExitCode == 0, result.Error);
    }

    private string StandIn(string name, string script)
    {
        ScriptFile.Write(_mac.File(name), $"#!/bin/sh\nfrom=$PWD\ncd '{_mac.FullName}' || exit 1\n{script}\n");
        return _mac.File(name);
    }
}
