using Tunnel.Core.Ingress.Linux;
using Tunnel.Testing;

namespace Tunnel.Core.Tests.Ingress.Linux;

/// <summary>The form of sysfs-class-net (kernel documentation, ABI/testing).</summary>
public sealed class NetworkInterfacesTests : IDisposable
{
    private readonly TemporaryDirectory _sys = new();

    public void Dispose() => _sys.Dispose();

    [Fact]
    public void Only_what_leads_to_containers_is_inside()
    {
        Add("eth0", type: 1, index: 2, link: 2, "device");
        Add("eth0.5", type: 1, index: 3, link: 2, "lower_eth0");
        Add("wg0", type: 65534, index: 4, link: 4);
        Add("gre1", type: 778, index: 5, link: 0);
        Add("xfrm1", type: 1, index: 6, link: 0);
        Add("docker0", type: 1, index: 7, link: 7, "bridge", "brif/veth1");
        Add("veth1", type: 1, index: 8, link: 9);
        Add("br-lan", type: 1, index: 10, link: 10, "bridge", "brif/eth0");
        Add("lo", type: 772, index: 1, link: 1);

        var (uplinks, inside) = NetworkInterfaces.Sort(_sys.FullName, new HashSet<string>());

        Assert.Equal(["docker0", "veth1"], inside);
        Assert.Equal(["br-lan", "eth0", "eth0.5", "gre1", "wg0", "xfrm1"], uplinks);
    }

    [Fact]
    public void What_has_the_default_route_leads_out()
    {
        Add("veth1", type: 1, index: 8, link: 9);

        var (uplinks, inside) = NetworkInterfaces.Sort(_sys.FullName, new HashSet<string> { "veth1" });

        Assert.Equal(["veth1"], uplinks);
        Assert.Empty(inside);
    }

    private void Add(string name, int type, int index, int link, params string[] folders)
    {
        var folder = Directory.CreateDirectory(_sys.File($"class/net/{name}")).FullName;
        File.WriteAllText(Path.Combine(folder, "type"), $"{type}\n");
        File.WriteAllText(Path.Combine(folder, "ifindex"), $"{index}\n");
        File.WriteAllText(Path.Combine(folder, "iflink"), $"{link}\n");
        foreach (var inner in folders)
        {
            Directory.CreateDirectory(Path.Combine(folder, inner));
        }
    }
}
