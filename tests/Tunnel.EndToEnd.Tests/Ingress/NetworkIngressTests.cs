namespace Tunnel.EndToEnd.Tests.Ingress;

/// <summary>The door that cannot lock you out: real nftables, sshd, edge and connector on different hosts.</summary>
public sealed class NetworkIngressTests(NetworkLab lab) : IClassFixture<NetworkLab>, IAsyncLifetime
{
    private const string Lock = $"$null = Disable-NetworkIngress {NetworkLab.Hostname} -Force";

    public ValueTask InitializeAsync()
    {
        Assert.SkipWhen(NetworkLab.Missing is not null, NetworkLab.Missing ?? "");
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Under_the_lock_a_stranger_finds_nothing_and_the_tunnel_works()
    {
        await lab.MustAnswerAsync(NetworkLab.Server4);
        await lab.MustAnswerAsync(NetworkLab.Server6);
        await lab.MustAnswerAsync(NetworkLab.Server4, 80);
        await lab.MustEchoAsync(NetworkLab.Server4);
        await lab.MustEchoAsync(NetworkLab.Server6);
        await using var session = lab.Start("stranger", lab.TunnelSsh("while sleep 0.2 && echo tick; do :; done"));
        await Testing.Eventually.True(() => session.Output.Contains("tick", StringComparison.Ordinal), "a session goes through the tunnel");

        await lab.MustAsync(Lock);

        var heard = session.Output.Length;
        await Testing.Eventually.True(() => session.Output.Length > heard, "the session goes on");

        Assert.False(await lab.AnswersAsync(NetworkLab.Server4));
        Assert.False(await lab.AnswersAsync(NetworkLab.Server6));
        Assert.False(await lab.AnswersAsync(NetworkLab.Server4, 80));
        Assert.False(await lab.AnswersAsync(NetworkLab.Server6, 80));
        Assert.False(await lab.EchoesAsync(NetworkLab.Server4));
        Assert.False(await lab.EchoesAsync(NetworkLab.Server6));
        Assert.NotEqual(0, (await lab.ExecuteAsync("stranger", "ping", "-c", "1", "-W", "1", NetworkLab.Server4)).ExitCode);
        Assert.Equal("through\n", (await lab.TunnelSshAsync("echo", "through")).Output);

        var told = await lab.MustAsync("$state = Get-NetworkIngress; $state.Status; $state.NextStep; $state.Closed | ForEach-Object { \"$_\" }; $state.Dropped | ForEach-Object { \"$($_.Protocol) $($_.Port)\" }");
        Assert.Contains("Unconfirmed", told, StringComparison.Ordinal);
        Assert.Contains("then run Confirm-NetworkIngress", told, StringComparison.Ordinal);
        Assert.Contains("0.0.0.0:22/tcp (sshd)", told, StringComparison.Ordinal);
        Assert.Contains("tcp 22", told, StringComparison.Ordinal);
        Assert.Contains("udp 7", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unconfirmed_lock_opens_by_itself_within_a_second_of_its_deadline()
    {
        await using var watch4 = new DoorWatch(lab, "stranger", NetworkLab.Server4);
        await using var watch6 = new DoorWatch(lab, "stranger", NetworkLab.Server6);
        await Testing.Eventually.True(() => watch4.Opened.Count > 0 && watch6.Opened.Count > 0, "both see an open door");

        var until = await lab.MustAsync($"(Disable-NetworkIngress {NetworkLab.Hostname} -Force -RollbackAfter 15).OpensAt.ToUnixTimeMilliseconds()");
        var deadline = DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(until, System.Globalization.CultureInfo.InvariantCulture));
        var closed = deadline.AddSeconds(-5);
        foreach (var watch in new[] { watch4, watch6 })
        {
            await Testing.Eventually.True(() => watch.Opened.Any(t => t > closed), "the door is open again", TimeSpan.FromSeconds(60));
            Assert.InRange(watch.Opened.First(t => t > closed), deadline.AddSeconds(-1), deadline.AddSeconds(1));
        }

        Assert.Contains("Open", await lab.MustAsync("(Get-NetworkIngress).Status"), StringComparison.Ordinal);
        var late = await lab.PowerShellAsync("Confirm-NetworkIngress");
        Assert.NotEqual(0, late.ExitCode);
        Assert.Contains("opened by itself", late.Output + late.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_confirmed_lock_holds_until_it_is_undone()
    {
        var until = await lab.MustAsync(
            $"(Disable-NetworkIngress {NetworkLab.Hostname} -Force -RollbackAfter 20).OpensAt.ToUnixTimeMilliseconds(); $null = Confirm-NetworkIngress");
        var deadline = DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(until, System.Globalization.CultureInfo.InvariantCulture));
        await NetworkLab.WaitForAsync(
            () => Task.FromResult(DateTimeOffset.UtcNow > deadline.AddSeconds(1)), "the deadline, which must not matter, is over");
        Assert.False(await lab.AnswersAsync());
        Assert.Contains("Closed", await lab.MustAsync("(Get-NetworkIngress).Status"), StringComparison.Ordinal);

        await lab.MustAsync("$null = Enable-NetworkIngress -Confirm:$false");

        await lab.MustAnswerAsync();
        Assert.Equal("", await lab.RulesetAsync());
    }

    [Fact]
    public async Task A_confirmed_lock_is_not_put_at_risk_by_another_one()
    {
        const string Quietly = $"$null = Disable-NetworkIngress {NetworkLab.Hostname}";
        await lab.MustAsync($"{Quietly}; $null = Confirm-NetworkIngress");
        var before = await lab.RulesetAsync();

        await lab.MustAsync(Quietly);
        Assert.Equal(before, await lab.RulesetAsync());
        var refused = await lab.PowerShellAsync($"{Quietly} -AllowPort 80");
        Assert.Contains("confirmed lock with other rules", refused.Output + refused.Error, StringComparison.Ordinal);
        Assert.Equal(before, await lab.RulesetAsync());

        await lab.MustAsync($"{Quietly} -AllowPort 80 -Force; $null = Confirm-NetworkIngress");
        await lab.MustAnswerAsync(NetworkLab.Server4, 80);
        Assert.False(await lab.AnswersAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("-CloseEstablished")]
    public async Task An_open_session_does_as_the_state_says(string choice)
    {
        // Opened before connection tracking runs on the server, and silent while the lock is made.
        await using var session = lab.Start("stranger", lab.DirectSsh($"echo ready; while sleep 0.2; do [ ! -e {lab.Home}/go ] || {{ echo alive; break; }}; done; cat"));
        await Testing.Eventually.True(() => session.Output.Contains("ready", StringComparison.Ordinal), "the session is open");

        var openings = await lab.MustAsync($"(Disable-NetworkIngress {NetworkLab.Hostname} -Force {choice}).Openings | ForEach-Object {{ \"$_\" }}");

        Assert.Equal(choice.Length == 0, openings.Contains("TCP sessions that are open already", StringComparison.Ordinal));
        await File.WriteAllTextAsync(Path.Combine(lab.Home, "go"), "");
        try
        {
            await Testing.Eventually.True(
                () => choice.Length == 0 ? session.Output.Contains("alive", StringComparison.Ordinal) : session.HasExited,
                choice.Length == 0 ? "the session goes on" : "the session has ended");
        }
        finally
        {
            File.Delete(Path.Combine(lab.Home, "go"));
        }
    }

    [Theory]
    [InlineData("", 5151)]
    [InlineData("-CloseEstablished", 5152)]
    public async Task A_conversation_by_UDP_does_as_the_state_says(string choice, int port)
    {
        // Both go on speaking, and know nothing of each other's silence; the service is bound to its peer.
        var heard = Path.Combine(lab.Home, $"heard-{port}");
        await using var service = lab.Start("server", "socat", $"UDP6-LISTEN:{port},ipv6only=0", $"SYSTEM:'(while echo tick; do sleep 0.1; done) & exec cat > {heard}'");
        // Nobody knocks before somebody is there: the refusal would end the peer.
        await NetworkLab.WaitForAsync(
            async () => (await lab.RunAsync("server", "ss", "-Hlun", "sport", "=", $":{port}")).Length > 0, "the service is there");
        await using var peer = lab.Start("stranger", "bash", "-c", $"(while echo hello; do sleep 0.1; done) | socat - UDP:{NetworkLab.Server4}:{port},sourceport=4444");
        await Testing.Eventually.True(() => Length() > 0 && peer.Output.Contains("tick", StringComparison.Ordinal), "they hear each other");

        var told = await lab.MustAsync($"$state = Disable-NetworkIngress {NetworkLab.Hostname} -Force {choice}; $state.Openings | ForEach-Object {{ \"$_\" }}; $state.Notes");

        Assert.Equal(choice.Length == 0, told.Contains("UDP flows in which this host goes on sending", StringComparison.Ordinal));
        Assert.Contains($"{port}/udp", told, StringComparison.Ordinal);
        var before = Length();
        var ticks = peer.Output.Length;
        if (choice.Length == 0)
        {
            await Testing.Eventually.True(() => Length() > before, "the peer is still heard");
        }
        else
        {
            // The firewall has turned away ten of its words, and not one has come through.
            var from = await TurnedAwayAsync();
            await NetworkLab.WaitForAsync(async () => await TurnedAwayAsync() >= from + 10, "what it says is turned away");
            Assert.Equal(before, Length());
            await Testing.Eventually.True(() => peer.Output.Length > ticks, "the service itself still speaks");
        }

        long Length() => File.Exists(heard) ? new FileInfo(heard).Length : 0;

        async Task<long> TurnedAwayAsync() => long.Parse(
            await lab.MustAsync($"[long] ((Get-NetworkIngress).Dropped | Where-Object {{ $_.Protocol -eq 'udp' -and $_.Port -eq {port} }} | ForEach-Object {{ $_.Packets }})"),
            System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task The_pipeline_acts_as_it_reads()
    {
        var told = await lab.MustAsync($"{lab.Connect}; $state = Start-SshTunnel {NetworkLab.Hostname} -Url ssh://localhost:22 | Wait-SshTunnel | Disable-NetworkIngress -Persist -Force; \"$($state.Status) $($state.PersistsOnConfirm) $($state.ProvenBy)\"");

        Assert.Contains($"Unconfirmed True {NetworkLab.Hostname}", told, StringComparison.Ordinal);
        Assert.False(await lab.AnswersAsync());
        Assert.Equal("through\n", (await lab.TunnelSshAsync("echo", "through")).Output);
    }

    [Fact]
    public async Task A_scan_from_another_host_lists_what_answers_and_then_nothing()
    {
        const string Scan = $"Test-NetworkIngress {NetworkLab.Server4}, {NetworkLab.Server6} -Port 22, 23, 80, 7/udp | ForEach-Object {{ \"$_\" }}";
        var open = await lab.ExecuteAsync("stranger", lab.PowerShell(Scan));
        foreach (var answer in new[] { "10.77.0.2:22/tcp", "10.77.0.2:80/tcp", "10.77.0.2:7/udp", "[fd77::2]:22/tcp", "[fd77::2]:80/tcp", "[fd77::2]:7/udp" })
        {
            Assert.Contains(answer, open.Output, StringComparison.Ordinal);
        }

        Assert.DoesNotContain(":23/tcp", open.Output, StringComparison.Ordinal);

        await lab.MustAsync(Lock);

        var closed = await lab.ExecuteAsync("stranger", lab.PowerShell(Scan));
        Assert.Equal((0, ""), (closed.ExitCode, closed.Output.Trim()));

        // From a peer over ssh, here the server itself, which a stranger reaches by the tunnel alone.
        await lab.ShellAsync("stranger", $"mkdir -p {lab.Home}/bin; printf '#!/bin/sh\\nexec /usr/bin/ssh -F {lab.Home}/.ssh/config \"$@\"\\n' > {lab.Home}/bin/ssh; chmod +x {lab.Home}/bin/ssh");
        var from = await lab.ExecuteAsync("stranger", ["sh", "-c", $"PATH={lab.Home}/bin:$PATH exec \"$@\"", "sh", .. lab.PowerShell("Test-NetworkIngress 127.0.0.1 -Port 22, 23 -From lab | ForEach-Object { \"$_ from $($_.From)\" }")]);
        Assert.True(from.Output.Trim() == "127.0.0.1:22/tcp from lab", from.Output + from.Error);
    }

    [Fact]
    public async Task The_exact_rules_are_shown_and_nothing_is_changed()
    {
        var before = await lab.RulesetAsync();
        var told = await lab.MustAsync($"Disable-NetworkIngress {NetworkLab.Hostname} -AllowPort 8000-8010/udp -RollbackAfter 90 -WhatIf");
        Assert.Contains("set armed { type nf_proto; flags timeout; elements = { ipv4 timeout 90s, ipv6 timeout 90s } }", told, StringComparison.Ordinal);
        Assert.Contains("udp dport 8000-8010 accept", told, StringComparison.Ordinal);
        Assert.Contains($"Proves before and after: {NetworkLab.Hostname}", told, StringComparison.Ordinal);
        Assert.Contains("0.0.0.0:22/tcp (sshd)", told, StringComparison.Ordinal);
        Assert.Contains("Leaves open: 8000-8010/udp (asked for)", told, StringComparison.Ordinal);
        Assert.Equal(before, await lab.RulesetAsync());
    }

    [Fact]
    public async Task Who_came_in_by_the_door_is_asked_and_who_came_by_the_tunnel_is_not()
    {
        var script = $"HOME={lab.Home} {Quoted(lab.PowerShell($"(Disable-NetworkIngress {NetworkLab.Hostname}).Status"))}";

        var direct = await lab.ExecuteAsync("stranger", lab.DirectSsh(script));
        Assert.NotEqual(0, direct.ExitCode);
        Assert.Contains("You came in by the door that is closing", direct.Output + direct.Error, StringComparison.Ordinal);
        Assert.Equal("", await lab.RulesetAsync());

        var tunnelled = await lab.TunnelSshAsync(script);
        Assert.True(tunnelled.ExitCode == 0, tunnelled.Output + tunnelled.Error);
        Assert.Contains("Unconfirmed", tunnelled.Output, StringComparison.Ordinal);
        Assert.False(await lab.AnswersAsync());
    }

    [Fact]
    public async Task The_session_that_carries_the_caller_is_never_cut()
    {
        await using var session = lab.Start("stranger", lab.DirectSsh(
            $"HOME={lab.Home} {Quoted(lab.PowerShell($"(Disable-NetworkIngress {NetworkLab.Hostname} -Force -CloseEstablished).Notes"))}; echo still here"));

        // Its last words may arrive after its end.
        await Testing.Eventually.True(() => session.Output.Contains("still here", StringComparison.Ordinal), "the session goes on", TimeSpan.FromSeconds(60));

        Assert.Contains("You came in by the door that is closing", session.Output, StringComparison.Ordinal);
        Assert.False(await lab.AnswersAsync());
    }

    [Fact]
    public async Task Rules_of_others_are_the_same_after_the_lock()
    {
        await lab.RunAsync("server", "nft", OtherRules);
        var before = await lab.RulesetAsync();

        await lab.MustAsync($"{Lock} -AllowPort 8080");
        Assert.StartsWith(before, await lab.RulesetAsync(), StringComparison.Ordinal);
        await lab.MustAsync("$null = Confirm-NetworkIngress; $null = Enable-NetworkIngress -Confirm:$false");

        Assert.Equal(before, await lab.RulesetAsync());
    }

    [Fact]
    public async Task What_is_allowed_stays_open()
    {
        await lab.MustAsync($"{Lock} -AllowPort 80 -AllowIcmp");
        await lab.MustAnswerAsync(NetworkLab.Server4, 80);
        await lab.MustAnswerAsync(NetworkLab.Server6, 80);
        Assert.False(await lab.AnswersAsync());
        await lab.RunAsync("stranger", "ping", "-c", "3", "-W", "5", NetworkLab.Server6);

        await lab.MustAsync($"{Lock} -AllowSource 10.77.0.3");
        await lab.MustAnswerAsync();
        Assert.False(await lab.AnswersAsync(NetworkLab.Server6));

        await lab.MustAsync($"{Lock} -AllowInterface eth0");
        await lab.MustAnswerAsync(NetworkLab.Server6);
    }

    [Fact]
    public async Task Outbound_can_be_limited_to_the_edge()
    {
        lab.Start("stranger", "socat", "TCP-LISTEN:9,fork,reuseaddr", "SYSTEM:echo out");
        const string Dial = "exec 3<>/dev/tcp/10.77.0.3/9";
        await NetworkLab.WaitForAsync(async () => (await lab.ExecuteAsync("server", "bash", "-c", Dial)).ExitCode == 0, "the stranger listens");

        foreach (var port in new[] { 53, 123, 124 })
        {
            lab.Start("stranger", "socat", $"UDP-RECVFROM:{port},fork", "EXEC:cat");
            await NetworkLab.WaitForAsync(() => AsksAsync(port), $"the stranger answers at {port}");
        }

        await lab.MustAsync($"{lab.Connect}; {Lock} -RestrictOutbound");

        Assert.NotEqual(0, (await lab.ExecuteAsync("server", "timeout", "2", "bash", "-c", Dial)).ExitCode);
        await NetworkLab.WaitForAsync(() => AsksAsync(53), "a name service is asked");
        await NetworkLab.WaitForAsync(() => AsksAsync(123), "the time is asked for");
        Assert.False(await AsksAsync(124));
        Assert.Equal("through\n", (await lab.TunnelSshAsync("echo", "through")).Output);
    }

    private async Task<bool> AsksAsync(int port) => (await lab.ExecuteAsync(
        "server", "bash", "-c", $"echo question | socat -T 1 - UDP:10.77.0.3:{port}")).Output.StartsWith("question", StringComparison.Ordinal);

    [Fact]
    public async Task Neighbour_discovery_works_under_the_lock()
    {
        await lab.MustAsync($"{Lock} -AllowIcmp");
        foreach (var (address, family) in new[] { (NetworkLab.Server4, "-4"), (NetworkLab.Server6, "-6") })
        {
            await lab.RunAsync("stranger", "ip", family, "neigh", "flush", "all");
            await lab.RunAsync("server", "ip", family, "neigh", "flush", "all");
            await lab.RunAsync("stranger", "ping", "-c", "3", "-W", "5", address);
        }
    }

    private static string Quoted(IEnumerable<string> command) => string.Join(' ', command.Select(word => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'"));

    public async ValueTask DisposeAsync()
    {
        if (NetworkLab.Missing is null)
        {
            await lab.OpenAsync();
        }
    }

    // What ufw, firewalld and Docker leave behind, in short: other tables, other priorities, forwarded ports.
    private const string OtherRules = """
        table ip filter {
          chain INPUT { type filter hook input priority filter; policy accept; jump ufw-before-input; }
          chain FORWARD { type filter hook forward priority filter; policy drop; oifname "docker0" accept; }
          chain ufw-before-input { iifname "lo" accept; ct state related,established accept; tcp dport 22 accept; }
        }
        table ip nat {
          chain PREROUTING { type nat hook prerouting priority dstnat; policy accept; tcp dport 8080 dnat to 172.17.0.2:80; }
          chain POSTROUTING { type nat hook postrouting priority srcnat; policy accept; ip saddr 172.17.0.0/16 masquerade; }
        }
        table inet firewalld {
          chain filter_INPUT { type filter hook input priority filter + 10; policy accept; ct state established,related accept; ct state invalid drop; }
        }
        """;
}
