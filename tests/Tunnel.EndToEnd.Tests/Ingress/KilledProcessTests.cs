using System.Globalization;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests.Ingress;

/// <summary>What is left of a lock when the process that makes, confirms or undoes it is killed.</summary>
public sealed class KilledProcessTests(NetworkLab lab) : IClassFixture<NetworkLab>, IAsyncLifetime
{
    private const string Table = "inet tunnel_ingress";

    /// <summary>How many kills a run makes; more with the variable <c>TUNNEL_KILLS</c>.</summary>
    private static readonly int s_kills =
        int.TryParse(Environment.GetEnvironmentVariable("TUNNEL_KILLS"), CultureInfo.InvariantCulture, out var kills) ? kills : 9;

    public ValueTask InitializeAsync()
    {
        Assert.SkipWhen(NetworkLab.Missing is not null, NetworkLab.Missing ?? "");
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task The_rules_are_the_old_or_the_new_and_somebody_can_always_get_in()
    {
        await lab.MustAsync($"$null = Disable-NetworkIngress {NetworkLab.Hostname} -Force");
        var whole = Shape(await lab.RulesetAsync());
        await lab.OpenAsync();

        for (var kill = 0; kill < s_kills; kill++)
        {
            // One of the three steps, and a moment of it. The loop that asks first makes the moment a fine one.
            var step = new[] { "disable", "confirm", "enable" }[kill % 3];
            await using var process = lab.Start("server", ["setsid", .. lab.PowerShell($$"""
                [Console]::Out.WriteLine('disable'); $null = Disable-NetworkIngress {{NetworkLab.Hostname}} -Force
                [Console]::Out.WriteLine('confirm'); $null = Confirm-NetworkIngress
                [Console]::Out.WriteLine('enable'); $null = Enable-NetworkIngress -Confirm:$false
                [Console]::Out.WriteLine('done'); [Threading.Thread]::Sleep(60000)
                """)]);
            await Eventually.True(() => process.HasExited || process.Output.Contains(step, StringComparison.Ordinal), $"{step} begins");
            await Task.Delay(Random.Shared.Next(step == "disable" ? 900 : 250));
            // Alone, or with the programs that it has just started, such as nft.
            await (kill % 2 == 0 ? process.KillAsync() : process.KillGroupAsync());

            // A program that it had started may still be at work.
            await NetworkLab.WaitForAsync(async () => (await lab.ExecuteAsync("server", "pgrep", "-x", "nft")).ExitCode != 0
                || (await lab.ExecuteAsync("server", "nft", "list", "tables")).ExitCode == 0, "nft has ended");
            var rules = await lab.RulesetAsync();
            Assert.True(rules.Length == 0 || Shape(rules) == whole, $"Killed at {step}, this was left:\n{rules}");
            Assert.True(await lab.AnswersAsync() || (await lab.TunnelSshAsync("true")).ExitCode == 0, $"Killed at {step}, nobody gets in.");
            await lab.OpenAsync();
        }
    }

    [Theory]
    [InlineData("loading; exec /usr/sbin/nft \"$@\"")]
    [InlineData("/usr/sbin/nft \"$@\"; code=$?; loading; exit $code")]
    public async Task Ctrl_C_undoes_a_lock_that_is_being_made_and_cuts_no_program_of_the_firewall(string loads)
    {
        IgnoredSignals.SkipIfIgnored(IgnoredSignals.Interrupt);
        // An nft that takes its time, before the lock is in the kernel or after it.
        await lab.ShellAsync("server", $$"""
            rm -rf {{lab.Home}}/slow; mkdir {{lab.Home}}/slow
            cat > {{lab.Home}}/slow/nft <<'EOF'
            #!/bin/sh
            loading() { : > "${0%/*}/loading"; while [ ! -e "${0%/*}/go" ]; do sleep 0.05; done; echo whole >> "${0%/*}/log"; }
            [ "$*" = '-f -' ] || exec /usr/sbin/nft "$@"
            {{loads}}
            EOF
            chmod +x {{lab.Home}}/slow/nft
            """);
        await using var process = lab.Start("server", ["setsid", "env", $"PATH={lab.Home}/slow:/usr/sbin:/usr/bin:/sbin:/bin",
            .. lab.PowerShell($"$null = Disable-NetworkIngress {NetworkLab.Hostname} -Force; [Console]::Out.WriteLine('done')")]);
        await Eventually.True(() => process.HasExited || File.Exists(Path.Combine(lab.Home, "slow/loading")), "the rules are being loaded");

        // As a terminal does: to PowerShell, and to every program that it has started.
        await ProcessResult.RunAsync("kill", ["-INT", "--", $"-{process.Id}"]);
        await File.WriteAllTextAsync(Path.Combine(lab.Home, "slow/go"), "");

        Assert.NotEqual(0, await process.EndAsync());
        Assert.DoesNotContain("done", process.Output, StringComparison.Ordinal);
        Assert.Equal("whole\nwhole\n", await File.ReadAllTextAsync(Path.Combine(lab.Home, "slow/log"))); // the lock, and its undoing
        Assert.Equal("", await lab.RulesetAsync());
    }

    public async ValueTask DisposeAsync()
    {
        if (NetworkLab.Missing is null)
        {
            await lab.OpenAsync();
        }
    }

    // The rules without what differs from lock to lock.
    private static string Shape(string ruleset)
    {
        Assert.True(ruleset.Length == 0 || ruleset.Contains(Table, StringComparison.Ordinal));
        return string.Join('\n', ruleset.Split('\n').Where(line =>
            line.Contains("chain", StringComparison.Ordinal) || line.Contains("accept", StringComparison.Ordinal) || line.Contains("drop", StringComparison.Ordinal))
            .Select(line => line.Split("comment")[0].Trim()));
    }
}
