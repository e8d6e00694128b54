using Tunnel.Core.Ingress.Linux;
using Tunnel.Testing;

namespace Tunnel.Core.Tests.Ingress.Linux;

/// <summary>The form of proc(5), little-endian.</summary>
public sealed class ProcNetTests : IDisposable
{
    private const string Header = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";

    private readonly TemporaryDirectory _proc = new();

    public ProcNetTests() => Directory.CreateDirectory(_proc.File("net"));

    public void Dispose() => _proc.Dispose();

    [Fact]
    public void Sockets_that_wait_for_others_are_listed_without_loopback()
    {
        Write("tcp", Header
            + "   0: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1\n"
            + "   1: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 2 1\n"
            + "   2: 0102000A:0016 0302000A:9C40 01 00000000:00000000 00:00000000 00000000     0        0 3 1\n");
        Write("udp6", Header
            + "   3: 00000000000000000000000000000000:0007 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 4 2\n");
        var sockets = new ProcNet(_proc.FullName).Listening();
        Assert.Equal(["[::]:7/udp", "0.0.0.0:22/tcp"], sockets.Select(s => s.ToString()));
    }

    [Fact]
    public void Open_connections_are_listed_and_mapped_addresses_are_IPv4()
    {
        Write("tcp", Header + "   2: 0102000A:0016 0302000A:9C40 01 00000000:00000000 00:00000000 00000000     0        0 3 1\n");
        Write("tcp6", Header + "   2: 0000000000000000FFFF00000102000A:0016 0000000000000000FFFF00000402000A:9C40 01 00000000:00000000 00:00000000 00000000     0        0 3 1\n");
        var sessions = new ProcNet(_proc.FullName).Sessions();
        Assert.Equal(["10.0.2.3:40000 to port 22", "10.0.2.4:40000 to port 22"], sessions.Select(s => s.ToString()));
    }

    [Fact]
    public void A_default_route_names_its_interface_in_either_family()
    {
        Write("route", "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n"
            + "eth0\t00000000\t0102000A\t0003\t0\t0\t0\t00000000\t0\t0\t0\ndocker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0\n");
        Write("ipv6_route",
            "00000000000000000000000000000000 00 00000000000000000000000000000000 00 fe800000000000000000000000000001 00000400 00000001 00000000 00000003     eth1\n"
            + "00000000000000000000000000000000 00 00000000000000000000000000000000 00 00000000000000000000000000000000 ffffffff 00000001 00000000 00200200       lo\n");
        Assert.Equal(["eth0", "eth1"], new ProcNet(_proc.FullName).DefaultRoutes().Order());
    }

    [Theory]
    [InlineData("")]
    [InlineData("one line\n")]
    [InlineData(Header + "  0: ZZ:0016 00000000:0000 0A 0 0 0 0 0 1\n  1: 00000000:0016\n")]
    public void What_is_not_understood_is_passed_over(string content)
    {
        Write("tcp", content);
        Assert.Empty(new ProcNet(_proc.FullName).Listening());
    }

    private void Write(string name, string content) => File.WriteAllText(_proc.File($"net/{name}"), content);
}
