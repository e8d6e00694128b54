using Tunnel.Core.Ingress;

namespace Tunnel.Core.Tests.Ingress;

public sealed class FirewallCommandsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("INT")]
    [InlineData("QUIT")]
    [InlineData("HUP")]
    public async Task What_a_terminal_sends_does_not_cut_a_script_or_what_it_starts(string signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs /bin/sh");
        var script = $"kill -{signal} $$; sh -c 'kill -{signal} $$; echo inner'; cat; echo whole";

        Assert.Equal("inner\nread\nwhole\n", await new FirewallCommands().RunAsync(new FirewallCommand("sh", ["-c", script], "read\n"), Stop));
    }

    [Fact]
    public async Task Who_changes_nothing_may_be_cut()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs sleep");
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            new FirewallCommands().RunAsync(new FirewallCommand("sleep", ["1000"]) { MayBeCut = true }, soon.Token));
    }

    [Fact]
    public async Task Arguments_reach_the_program_as_they_are()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs printf");
        Assert.Equal(
            "[a b][$HOME]['\"*][-n]",
            await new FirewallCommands().RunAsync(new FirewallCommand("printf", ["[%s]", "a b", "$HOME", "'\"*", "-n"]), Stop));
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_named()
    {
        var missing = await Assert.ThrowsAsync<NetworkIngressException>(() =>
            new FirewallCommands().RunAsync(new FirewallCommand("no-such-firewall", []), Stop));
        Assert.Equal(NetworkIngressError.FirewallMissing, missing.Error);
        Assert.Contains("no-such-firewall", missing.Message, StringComparison.Ordinal);
    }
}
