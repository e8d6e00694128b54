namespace Tunnel.Core.Ingress.Linux;

/// <summary>Tells the interfaces that lead out of the host from those that lead to its own containers.</summary>
internal static class NetworkInterfaces
{
    /// <param name="root">Where sysfs is mounted.</param>
    /// <param name="defaultRoutes">The interfaces with a default route.</param>
    public static (IReadOnlyList<string> Uplinks, IReadOnlyList<string> Internal) Sort(string root, IReadOnlySet<string> defaultRoutes)
    {
        var uplinks = new List<string>();
        var inside = new List<string>();
        var folder = Path.Combine(root, "class/net");
        foreach (var path in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(path);
            if (name == "lo")
            {
                continue;
            }

            (defaultRoutes.Contains(name) || LeadsOut(path) ? uplinks : inside).Add(name);
        }

        return (uplinks, inside);
    }

    // Containers hang on veth pairs and on bridges that have nothing but such; everything else may lead out: a card, a
    // bridge with a card in it, a VLAN, a VPN.
    private static bool LeadsOut(string path)
    {
        if (Directory.Exists(Path.Combine(path, "device")))
        {
            return true;
        }

        var ports = Path.Combine(path, "brif");
        if (Directory.Exists(ports))
        {
            return Directory.EnumerateFileSystemEntries(ports).Any(p =>
                LeadsOut(Path.Combine(Path.GetDirectoryName(path)!, Path.GetFileName(p))));
        }

        return !IsVeth(path);
    }

    // Ethernet (1) whose peer is another interface: iflink differs from ifindex. A VLAN's differs too, but it names its parent
    // here; a tunnel's (gre, sit, xfrm) is no Ethernet, or has no peer at all (0).
    private static bool IsVeth(string path) =>
        Number(path, "type") == "1"
        && Number(path, "iflink") is var peer && peer is not ("" or "0") && peer != Number(path, "ifindex")
        && !Directory.EnumerateFileSystemEntries(path, "lower_*").Any();

    private static string Number(string path, string file)
    {
        var full = Path.Combine(path, file);
        return File.Exists(full) ? File.ReadAllText(full).Trim() : "";
    }
}
