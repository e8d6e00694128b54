namespace Tunnel.EndToEnd.Tests.Ingress;

/// <summary>A tunnel that breaks before the lock, or with it: nothing is changed, to the byte.</summary>
public sealed class BrokenTunnelTests(NetworkLab lab) : IClassFixture<NetworkLab>, IAsyncLifetime
{
    private const string Lock = $"$null = Disable-NetworkIngress {NetworkLab.Hostname} -Force";

    private string _before = "";

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(NetworkLab.Missing is not null, NetworkLab.Missing ?? "");
        await lab.RunAsync("server", "nft", OtherFirewalls.Firewalld);
        _before = await lab.RulesetAsync();
    }

    [Fact]
    public async Task The_lock_is_refused_while_the_edge_is_away()
    {
        await lab.StopEdgeAsync();
        try
        {
            await RefusedAsync(Lock, "nothing was changed");
        }
        finally
        {
            await lab.StartEdgeAsync();
            await NetworkLab.WaitForAsync(async () => (await lab.TunnelSshAsync("true")).ExitCode == 0, "the tunnel is back");
        }
    }

    [Fact]
    public Task The_lock_is_refused_where_no_policy_lets_the_visitor_in() =>
        RefusedAsync($"{lab.Connect}; Disable-NetworkIngress locked.example.test -Force", "(403)");

    [Fact]
    public async Task The_lock_is_refused_while_sshd_is_down()
    {
        await lab.StopSshdAsync();
        try
        {
            await RefusedAsync(Lock, "nothing was changed");
        }
        finally
        {
            await lab.StartSshdAsync();
        }
    }

    [Fact]
    public async Task The_lock_is_refused_while_sshd_takes_connections_and_says_nothing()
    {
        await lab.StopSshdAsync();
        await using (var silent = lab.Start("server", "socat", "TCP6-LISTEN:22,ipv6only=0,fork,reuseaddr", "SYSTEM:cat >/dev/null"))
        {
            await NetworkLab.WaitForAsync(() => lab.AnswersAsync(), "it takes connections");
            await RefusedAsync(Lock, "nothing was changed");
        }

        await lab.StartSshdAsync();
    }

    [Fact]
    public async Task The_lock_is_undone_when_the_connector_dies_between_the_proof_and_the_lock()
    {
        // The connector ends when the first rules are about to be loaded.
        await lab.ShellAsync("server", $"""
            mkdir -p {lab.Home}/deadly
            cat > {lab.Home}/deadly/nft <<'EOF'
            #!/bin/sh
            [ "$*" != '-f -' ] || kill -9 {lab.ConnectorId}
            exec /usr/sbin/nft "$@"
            EOF
            chmod +x {lab.Home}/deadly/nft
            """);
        try
        {
            await RefusedAsync($"[Environment]::SetEnvironmentVariable('PATH', '{lab.Home}/deadly:' + [Environment]::GetEnvironmentVariable('PATH')); {Lock}", "All is as it was before");
        }
        finally
        {
            await lab.StartConnectorAsync();
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
        _before = await lab.RulesetAsync();
        await RefusedAsync(Lock, "All is as it was before");
    }

    public async ValueTask DisposeAsync()
    {
        if (NetworkLab.Missing is null)
        {
            await lab.OpenAsync();
        }
    }

    private async Task RefusedAsync(string script, string why)
    {
        var refused = await lab.PowerShellAsync(script);
        Assert.NotEqual(0, refused.ExitCode);
        // The shell breaks lines where its window ends.
        Assert.Contains(why.Replace(" ", "", StringComparison.Ordinal), string.Concat((refused.Output + refused.Error).Where(c => !char.IsWhiteSpace(c))), StringComparison.Ordinal);
        Assert.Equal(_before, await lab.RulesetAsync());
        var listens = await ListensAsync();
        await NetworkLab.WaitForAsync(async () => await lab.AnswersAsync() == listens, listens ? "sshd answers still" : "nothing answers");
    }

    private async Task<bool> ListensAsync() => (await lab.RunAsync("server", "ss", "-Hltn", "sport", "=", ":22")).Length > 0;
}
