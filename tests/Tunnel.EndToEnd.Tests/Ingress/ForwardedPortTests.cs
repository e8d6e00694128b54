namespace Tunnel.EndToEnd.Tests.Ingress;

/// <summary>A container on the server, as Docker runs one: behind a bridge, with a forwarded port.</summary>
public sealed class ForwardedPortTests(ForwardedPortTests.ContainerLab containers) : IClassFixture<ForwardedPortTests.ContainerLab>, IAsyncLifetime
{
    private const string Lock = $"$null = Disable-NetworkIngress {NetworkLab.Hostname} -Force";
    private const string Container4 = "172.17.0.2";

    private readonly NetworkLab lab = containers.Lab;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(NetworkLab.Missing is not null, NetworkLab.Missing ?? "");
        await lab.RunAsync("server", "nft", OtherFirewalls.Docker);
    }

    [Fact]
    public async Task A_forwarded_port_is_closed_and_the_container_still_gets_out()
    {
        await lab.MustAnswerAsync(port: 8080);
        await lab.MustAnswerAsync(Container4, 80); // routed there by a neighbour, past the forwarding
        await MustGetOutAsync();
        var before = await lab.RulesetAsync();

        await lab.MustAsync(Lock);
        Assert.False(await lab.AnswersAsync(port: 8080));
        Assert.False(await lab.AnswersAsync(Container4, 80));
        await MustGetOutAsync();

        await lab.MustAsync($"{Lock} -AllowPort 8080");
        await lab.MustAnswerAsync(port: 8080);
        Assert.False(await lab.AnswersAsync(Container4, 80));
        await MustGetOutAsync();

        await lab.MustAsync("$null = Confirm-NetworkIngress; $null = Enable-NetworkIngress -Confirm:$false");
        Assert.Equal(before, await lab.RulesetAsync());
        await lab.MustAnswerAsync(port: 8080);
    }

    [Fact]
    public async Task A_container_reaches_the_edge_and_nothing_else_when_outbound_is_limited()
    {
        await MustGetOutAsync();

        await lab.MustAsync($"{lab.Connect}; {Lock} -RestrictOutbound");

        Assert.False(await GetsOutAsync());
        await NetworkLab.WaitForAsync(() => GetsOutAsync("10.77.0.1/7844"), "the container reaches the edge");
    }

    [Fact]
    public async Task A_port_that_is_redirected_on_this_host_is_named_by_what_the_visitor_asks_for()
    {
        await lab.RunAsync("server", "nft", "add rule ip nat PREROUTING tcp dport 8081 redirect to :80");
        await lab.MustAsync($"{Lock} -AllowPort 8081");
        await lab.MustAnswerAsync(port: 8081);
        Assert.False(await lab.AnswersAsync(port: 80));
    }

    public async ValueTask DisposeAsync()
    {
        if (NetworkLab.Missing is null)
        {
            await lab.OpenAsync();
        }
    }

    private Task MustGetOutAsync() => NetworkLab.WaitForAsync(() => GetsOutAsync(), "the container gets out");

    private async Task<bool> GetsOutAsync(string to = "10.77.0.3/9") =>
        (await lab.ExecuteAsync("container", "timeout", "2", "bash", "-c", $"exec 3<>/dev/tcp/{to}")).ExitCode == 0;

    /// <summary>The lab with a container.</summary>
    public sealed class ContainerLab : IAsyncLifetime
    {
        public NetworkLab Lab { get; } = new();

        public async ValueTask InitializeAsync()
        {
            await Lab.InitializeAsync();
            if (NetworkLab.Missing is not null)
            {
                return;
            }

            await Lab.AddHostAsync("container", onTheSwitch: false);
            await Lab.ShellAsync("server", $"""
                ip link add docker0 type bridge
                ip addr add 172.17.0.1/16 dev docker0
                ip link set docker0 up
                ip link add veth1 type veth peer name eth0 netns {Lab.Space("container")}
                ip link set veth1 master docker0 up
                sysctl -qw net.ipv4.ip_forward=1
                """);
            await Lab.ShellAsync("container", $"ip addr add {Container4}/16 dev eth0; ip link set eth0 up; ip route add default via 172.17.0.1");
            await Lab.RunAsync("stranger", "ip", "route", "add", "172.17.0.0/16", "via", NetworkLab.Server4);
            Lab.Start("container", "socat", "TCP-LISTEN:80,fork,reuseaddr", "SYSTEM:echo contained");
            Lab.Start("stranger", "socat", "TCP-LISTEN:9,fork,reuseaddr", "SYSTEM:echo out");
            await NetworkLab.WaitForAsync(() => Lab.AnswersAsync(Container4, 80), "the container answers");
        }

        public ValueTask DisposeAsync() => Lab.DisposeAsync();
    }
}
