using System.Net;
using CsCheck;
using Tunnel.Core.Ingress;
using Tunnel.Core.Ingress.Nftables;
using Tunnel.Testing;

namespace Tunnel.Core.Tests.Ingress.Nftables;

public class NftablesScriptTests
{
    private static readonly HostFacts s_facts = new()
    {
        Uplinks = ["eth0", "wg0"],
        Listening = [new("tcp", IPEndPoint.Parse("0.0.0.0:22"), "sshd")],
        Sessions =
        [
            new(IPEndPoint.Parse("192.0.2.1:22"), IPEndPoint.Parse("198.51.100.7:40000")),
            new(IPEndPoint.Parse("192.0.2.1:22"), IPEndPoint.Parse("198.51.100.8:40001")),
            new(IPEndPoint.Parse("[2001:db8::1]:50000"), IPEndPoint.Parse("[2001:db8::9]:7844")),
        ],
        Caller = new(IPEndPoint.Parse("192.0.2.1:22"), IPEndPoint.Parse("198.51.100.7:40000")),
    };

    private static readonly NetworkIngressRules s_everything = new()
    {
        AllowedPorts = [AllowedPort.Parse("443"), AllowedPort.Parse("8000-8010/udp")],
        AllowedSources = [AllowedSource.Parse("203.0.113.0/24"), AllowedSource.Parse("2001:db8::7")],
        AllowedInterfaces = ["docker0"],
        AllowIcmp = true,
        CloseEstablished = true,
        Outbound = new() { EndPoints = [IPEndPoint.Parse("192.0.2.9:7844"), IPEndPoint.Parse("[2001:db8::9]:7844")] },
        Persist = true,
    };

    [Fact]
    public void A_lock_ends_by_itself_and_the_one_of_a_boot_does_not()
    {
        var rules = new NetworkIngressRules { RollbackAfter = TimeSpan.FromSeconds(90) };
        Assert.Contains("ipv4 timeout 90s, ipv6 timeout 90s", NftablesScript.Expiring(rules, s_facts, "a1"), StringComparison.Ordinal);
        Assert.DoesNotContain("timeout 90s", NftablesScript.Permanent(rules, s_facts, "a1"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_boot_keeps_no_session_of_today() =>
        Assert.DoesNotContain("198.51.100", NftablesScript.Permanent(new(), s_facts, "a1"), StringComparison.Ordinal);

    [Fact]
    public void Only_sessions_from_outside_are_cut_and_never_the_callers()
    {
        var lines = NftablesScript.Expiring(s_everything, s_facts, "a1").Split('\n');
        Assert.Contains("198.51.100.7 . 40000", Assert.Single(lines, l => l.Contains("set kept4", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("198.51.100.8 . 40001", Assert.Single(lines, l => l.Contains("set cut4", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("2001:db8::9 . 7844", Assert.Single(lines, l => l.Contains("set kept6", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.DoesNotContain("2001", Assert.Single(lines, l => l.Contains("set cut6", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_kernel_takes_it_and_tells_it_back()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && File.Exists("/usr/sbin/nft"), "needs root and nft (Debian: nftables)");
        foreach (var rules in new[] { new NetworkIngressRules(), s_everything })
        {
            // A network of its own, which is gone with the program.
            var result = await ProcessResult.RunAsync(
                "unshare", ["--net", "sh", "-c", "nft -f - && nft --json list table inet tunnel_ingress"],
                input: NftablesScript.Expiring(rules, s_facts, "a1b2"));
            Assert.True(result.ExitCode == 0, result.Error);
            var table = NftablesTable.Parse(result.Output);
            Assert.Equal("a1b2", table.LockId);
            Assert.True(table.IsArmed);
            Assert.InRange(table.Remaining!.Value.TotalSeconds, 110, 120);
            Assert.Equal(rules.Persist, table.PersistsOnConfirm);
            Assert.Equal(rules.Outbound is not null, table.LimitsOutbound);
            Assert.Equal(
                IngressOpenings.Of(rules, s_facts).Order(Comparer<IngressOpening>.Create((a, b) => string.CompareOrdinal(a.ToString(), b.ToString()))),
                table.Openings.Concat(IngressOpenings.Always(table.LimitsOutbound)).Order(Comparer<IngressOpening>.Create((a, b) => string.CompareOrdinal(a.ToString(), b.ToString()))));
        }
    }

    [Theory]
    [InlineData("elements = { ipv4 timeout 2m expires 1m59s988ms,\n ipv6 timeout 2m expires 1m59s987ms }", 119_987)]
    [InlineData("elements = { ipv4 timeout 1d expires 23h59m1s, ipv6 timeout 1d expires 1d }", 86_341_000)]
    [InlineData("elements = { ipv4 timeout 5s expires 988ms }", 988)]
    [InlineData("elements = { ipv4, ipv6 }", null)]
    [InlineData("expires soon", null)]
    public void The_end_is_read_to_the_millisecond(string listed, int? milliseconds) =>
        Assert.Equal(milliseconds, NftablesTable.RemainingOf(listed)?.TotalMilliseconds);

    [Theory]
    [InlineData(true, "cut4")]
    [InlineData(false, "kept4")]
    public async Task Sessions_that_came_after_the_plan_are_as_those_before(bool closeEstablished, string set)
    {
        var plan = new NftablesFirewall(new()).Plan(new() { CloseEstablished = closeEstablished }, s_facts);
        var later = NftablesScript.Later(plan, s_facts with { Sessions = [.. s_facts.Sessions, new(IPEndPoint.Parse("192.0.2.1:22"), IPEndPoint.Parse("203.0.113.5:50001"))], Caller = null });
        Assert.Equal($"add element inet tunnel_ingress {set} {{ 192.0.2.1 . 22 . 203.0.113.5 . 50001 }}\n", later);
        Assert.Equal("", NftablesScript.Later(plan, s_facts));

        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && File.Exists("/usr/sbin/nft"), "needs root and nft (Debian: nftables)");
        var result = await ProcessResult.RunAsync("unshare", ["--net", "nft", "-f", "-"], input: plan.Apply[0].Input + later);
        Assert.True(result.ExitCode == 0, result.Error);
    }

    [Fact]
    public void Services_of_UDP_are_told_and_a_boot_knows_none_of_them()
    {
        var facts = s_facts with { Listening = [new("udp", IPEndPoint.Parse("0.0.0.0:51820"), "kernel"), new("udp", IPEndPoint.Parse("0.0.0.0:40000"), "agent"), new("udp", IPEndPoint.Parse("0.0.0.0:7"), null), new("udp", IPEndPoint.Parse("0.0.0.0:123"), null)] };
        var open = new NftablesFirewall(new()).Plan(new(), facts);
        Assert.Contains(IngressOpenings.UdpFlows, open.Openings);
        Assert.Contains(open.Notes, n => n.Contains("7/udp", StringComparison.Ordinal));
        var closed = new NftablesFirewall(new()).Plan(new() { CloseEstablished = true }, facts);
        Assert.DoesNotContain(IngressOpenings.UdpFlows, closed.Openings);
        Assert.Contains("set served { type inet_service; elements = { 7, 51820 }; }", closed.Apply[0].Input!, StringComparison.Ordinal);
        Assert.Contains("set served { type inet_service; }", closed.Permanent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("eth0\" accept")]
    [InlineData("")]
    [InlineData("a-name-that-is-too-long")]
    [InlineData("eth 0")]
    public void A_name_that_could_leave_its_quotes_is_refused(string name) =>
        Assert.Equal(
            NetworkIngressError.InvalidRules,
            Assert.Throws<NetworkIngressException>(() => new NftablesFirewall(new()).Plan(new NetworkIngressRules { AllowedInterfaces = [name] }, s_facts)).Error);

    [Fact]
    public void Broken_output_of_nft_is_an_error_and_nothing_else() =>
        Gen.String[Gen.Char["{}[]\":,0123456789nftablesruleexprsetelem \\"], 0, 200].Sample(text =>
        {
            try
            {
                NftablesTable.Parse(text);
            }
            catch (Exception e) when (e is System.Text.Json.JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
            {
                // What the firewall turns into one error.
            }
        });
}
