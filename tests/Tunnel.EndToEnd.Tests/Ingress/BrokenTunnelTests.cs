namespace Tunnel.EndToEnd.Tests.Ingress;

/// <summary>A tunnel that breaks before the lock, or with it.</summary>
public sealed class BrokenTunnelTests(NetworkLab lab) : IClassFixture<NetworkLab>, IAsyncLifetime
{
    private const string Lock = $"$null = Disable-NetworkIngress {NetworkLab.Hostname} -Force";

    public ValueTask InitializeAsync()
    {
        Assert.SkipWhen(NetworkLab.Missing is not null, NetworkLab.Missing ?? "");
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task The_lock_is_refused_while_the_edge_is_away()
    {
        await lab.StopEdgeAsync();
        try
        {
            var refused = await lab.PowerShellAsync(Lock);
            Assert.NotEqual(0, refused.ExitCode);
            Assert.Contains("nothing was changed", refused.Output + refused.Error, StringComparison.Ordinal);
            Assert.Equal("", await lab.RulesetAsync());
        }
        finally
        {
            await lab.StartEdgeAsync();
            await NetworkLab.WaitForAsync(async () => (await lab.TunnelSshAsync("true")).ExitCode == 0, "the tunnel is back");
        }
    }

    [Fact]
    public async Task The_lock_is_undone_when_the_tunnel_does_not_work_behind_it()
    {
        // The network lets one connection to the edge through, the first proof's, and then none.
        await lab.RunAsync("server", "nft", """
            table inet other {
              chain output { type filter hook output priority filter; policy accept; tcp dport 443 ct state new limit rate over 1/hour burst 1 packets drop; }
            }
            """);
        var before = await lab.RulesetAsync();

        var undone = await lab.PowerShellAsync(Lock);

        Assert.NotEqual(0, undone.ExitCode);
        Assert.Contains("All is as it was before", undone.Output + undone.Error, StringComparison.Ordinal);
        Assert.Equal(before, await lab.RulesetAsync());
        Assert.True(await lab.AnswersAsync());
    }

    public async ValueTask DisposeAsync()
    {
        if (NetworkLab.Missing is null)
        {
            await lab.OpenAsync();
        }
    }
}
