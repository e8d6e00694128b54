namespace Tunnel.EndToEnd.Tests.Ingress;

/// <summary>What a host needs from its network works under the lock.</summary>
public sealed class LivingNetworkTests(NetworkLab lab) : IClassFixture<NetworkLab>, IAsyncLifetime
{
    private const string Lock = $"$null = Disable-NetworkIngress {NetworkLab.Hostname} -Force";

    public ValueTask InitializeAsync()
    {
        Assert.SkipWhen(NetworkLab.Missing is not null, NetworkLab.Missing ?? "");
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("10.79.0.2", "10.79.0.0/24", "10.77.0.9")]
    [InlineData("fd79::2", "fd79::/64", "fd77::9")]
    public async Task Path_MTU_discovery_works(string far, string network, string router)
    {
        var name = far.Contains(':', StringComparison.Ordinal) ? "6" : "4";
        await lab.AddHostAsync($"router{name}");
        await lab.AddHostAsync($"far{name}", onTheSwitch: false);
        // The narrow link is one that neither end of the connection sees.
        await lab.ShellAsync($"router{name}", $"""
            sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
            ip addr add {router}/{(name == "6" ? 64 : 24)} dev eth0 {(name == "6" ? "nodad" : "")}
            ip link add narrow mtu 1300 type veth peer name eth0 netns {lab.Space($"far{name}")}
            ip addr add {far[..^1]}1/{(name == "6" ? 64 : 24)} dev narrow {(name == "6" ? "nodad" : "")}
            ip link set narrow up
            """);
        await lab.ShellAsync($"far{name}", $"""
            ip addr add {far}/{(name == "6" ? 64 : 24)} dev eth0 {(name == "6" ? "nodad" : "")}
            ip link set eth0 up
            ip route add default via {far[..^1]}1
            """);
        await lab.RunAsync("server", "ip", "route", "add", network, "via", router);
        var sink = lab.Start($"far{name}", "sh", "-c", $"socat -u TCP{name}-LISTEN:9,reuseaddr - | wc -c");
        await lab.MustAsync(Lock);

        await NetworkLab.WaitForAsync(
            async () => (await lab.ExecuteAsync("server", "sh", "-c", $"head -c 300000 /dev/zero | timeout 10 socat -u - TCP:{(name == "6" ? $"[{far}]" : far)}:9")).ExitCode == 0,
            "the far host takes what is sent");

        await Testing.Eventually.True(() => sink.Output.Contains("300000", StringComparison.Ordinal), "all of it has arrived");
        Assert.Contains("mtu 1300", await lab.RunAsync("server", "ip", "route", "get", far), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_is_leased_and_renewed()
    {
        Assert.SkipUnless(File.Exists("/usr/sbin/dnsmasq") && File.Exists("/sbin/udhcpc"), "needs dnsmasq and udhcpc (Debian: dnsmasq-base udhcpc)");
        await lab.AddHostAsync("dhcp");
        await lab.RunAsync("dhcp", "ip", "addr", "add", "10.77.0.8/24", "dev", "eth0");
        var server = lab.Start(
            "dhcp", "/usr/sbin/dnsmasq", "--no-daemon", "--port=0", "--conf-file=/dev/null", "--user=root", "--no-ping", "--log-dhcp", "--interface=eth0",
            $"--dhcp-leasefile={Path.Combine(lab.Home, "leases")}", "--dhcp-range=10.77.0.100,10.77.0.110,2m", "--pid-file=");
        var script = Path.Combine(lab.Home, "dhcp-event");
        await File.WriteAllTextAsync(script, """
            #!/bin/sh
            case $1 in bound|renew) ip addr replace "$ip/24" dev eth0; echo "event $1 $ip";; esac
            """);
        await lab.RunAsync("server", "chmod", "+x", script);
        await lab.MustAsync(Lock);
        var client = lab.Start("server", "/sbin/udhcpc", "-f", "-n", "-i", "eth0", "-s", script, "-p", Path.Combine(lab.Home, "udhcpc.pid"));
        await Testing.Eventually.True(() => client.Output.Contains("event bound 10.77.0.1", StringComparison.Ordinal), "an address is leased", TimeSpan.FromSeconds(30));

        // A renewal goes to the server's address, through the kernel: the firewall sees it.
        await lab.ShellAsync("server", $"kill -USR1 $(cat {lab.Home}/udhcpc.pid)");

        await Testing.Eventually.True(() => client.Output.Contains("event renew", StringComparison.Ordinal), $"the lease is renewed: {server.Output}");
        await client.DisposeAsync();
    }

    [Fact]
    public async Task Router_advertisements_are_heard()
    {
        Assert.SkipUnless(File.Exists("/usr/sbin/radvd"), "needs radvd (Debian: radvd)");
        await lab.AddHostAsync("advertiser");
        await lab.ShellAsync("advertiser", "sysctl -qw net.ipv6.conf.all.forwarding=1");
        await lab.ShellAsync("server", "sysctl -qw net.ipv6.conf.eth0.accept_ra=2 net.ipv6.conf.eth0.autoconf=1");
        var configuration = Path.Combine(lab.Home, "radvd.conf");
        await File.WriteAllTextAsync(configuration, """
            interface eth0 { AdvSendAdvert on; MinRtrAdvInterval 3; MaxRtrAdvInterval 4; prefix fd99::/64 { AdvOnLink on; AdvAutonomous on; }; };
            """);
        await lab.RunAsync("advertiser", "chmod", "600", configuration);
        await lab.MustAsync(Lock);

        var radvd = lab.Start("advertiser", "/usr/sbin/radvd", "-n", "-m", "stderr", "-C", configuration, "-p", Path.Combine(lab.Home, "radvd.pid"));

        await NetworkLab.WaitForAsync(
            async () => (await lab.RunAsync("server", "ip", "-6", "addr", "show", "dev", "eth0")).Contains("fd99:", StringComparison.Ordinal),
            $"an address of the advertised network: {radvd.Output}");
    }

    public async ValueTask DisposeAsync()
    {
        if (NetworkLab.Missing is null)
        {
            await lab.OpenAsync();
        }
    }
}
