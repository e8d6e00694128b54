using System.Net;
using System.Net.Sockets;
using Tunnel.Core.Ingress;

namespace Tunnel.Core.Tests.Ingress;

public sealed class IngressProbeTests
{
    [Fact]
    public async Task Who_has_seen_enough_leaves_nothing_running()
    {
        using var first = new TcpListener(IPAddress.Loopback, 0);
        using var last = new TcpListener(IPAddress.Loopback, 0);
        using var silent = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        first.Start();
        last.Start();
        var probe = new IngressProbe { Parallelism = 1, Timeout = TimeSpan.FromSeconds(3) };
        AllowedPort[] ports =
            [Port(first.LocalEndpoint), AllowedPort.Parse($"{Number(silent.Client.LocalEndPoint!)}/udp"), Port(last.LocalEndpoint)];

        await foreach (var answer in probe.ScanAsync([IPAddress.Loopback], ports, TestContext.Current.CancellationToken))
        {
            Assert.Equal(first.LocalEndpoint, answer.EndPoint);
            break;
        }

        using var longer = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await last.AcceptTcpClientAsync(longer.Token));
    }

    [Fact]
    public async Task A_name_that_is_not_there_is_named()
    {
        var e = await Assert.ThrowsAnyAsync<SocketException>(() => IngressProbe.ResolveAsync("no.such.host.invalid", default));
        Assert.Contains("no.such.host.invalid", e.Message, StringComparison.Ordinal);
    }

    private static int Number(EndPoint point) => ((IPEndPoint)point).Port;

    private static AllowedPort Port(EndPoint point) => AllowedPort.Parse($"{Number(point)}");
}
