using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;

namespace Tunnel.Core.Ingress.Linux;

/// <summary>Sockets and routes as the kernel lists them under <c>/proc/net</c> (proc(5)).</summary>
/// <param name="root">Where proc is mounted.</param>
internal sealed class ProcNet(string root = "/proc")
{
    private const int Listen = 0x0A;
    private const int Closed = 0x07;

    /// <summary>Bound sockets that something outside may reach; a service of UDP may be bound to the peer of now.</summary>
    public IReadOnlyList<ListeningSocket> Listening()
    {
        var owners = Owners();
        var ephemeral = FirstEphemeralPort() ?? new HostFacts().FirstEphemeralPort;
        return [.. Tcp().Where(s => s.State == Listen).Select(s => ("tcp", s))
            .Concat(Udp().Where(s => s.State == Closed || s.Local.Port < ephemeral).Select(s => ("udp", s)))
            .Where(s => !IPAddress.IsLoopback(s.s.Local.Address))
            .Select(s => new ListeningSocket(s.Item1, s.s.Local, s.s.Inode == "0" ? ListeningSocket.Kernel : owners.GetValueOrDefault(s.s.Inode)))
            .Distinct()
            .OrderBy(s => s.EndPoint.Port)];
    }

    /// <summary>TCP connections that are not closed yet.</summary>
    public IReadOnlyList<HostSession> Sessions() => [.. Tcp()
        .Where(s => s.State is not (Listen or Closed) && !IPAddress.IsLoopback(s.Remote.Address))
        .Select(s => new HostSession(s.Local, s.Remote))
        .Distinct()];

    /// <summary>Where the ports begin that the kernel draws (ip(7), ip_local_port_range); null: not told.</summary>
    public int? FirstEphemeralPort() => Lines("sys/net/ipv4/ip_local_port_range").FirstOrDefault() is [var first, ..]
        && int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : null;

    /// <summary>Interfaces with a default route.</summary>
    public IReadOnlySet<string> DefaultRoutes()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in Lines("net/route").Skip(1))
        {
            // Iface Destination Gateway Flags RefCnt Use Metric Mask
            if (line is [var name, "00000000", _, _, _, _, _, "00000000", ..])
            {
                names.Add(name);
            }
        }

        foreach (var line in Lines("net/ipv6_route"))
        {
            // destination length source length next-hop metric refs use flags interface; "lo" holds the reject routes.
            if (line is ["00000000000000000000000000000000", "00", _, _, _, _, _, _, _, var name] && name != "lo")
            {
                names.Add(name);
            }
        }

        return names;
    }

    private IEnumerable<Socket> Tcp() => Sockets("net/tcp").Concat(Sockets("net/tcp6"));

    private IEnumerable<Socket> Udp() => Sockets("net/udp").Concat(Sockets("net/udp6"));

    private IEnumerable<Socket> Sockets(string file)
    {
        foreach (var line in Lines(file).Skip(1))
        {
            // sl local_address rem_address st tx:rx tr:when retrnsmt uid timeout inode
            if (line.Length > 9 && Parse(line[1]) is { } local && Parse(line[2]) is { } remote
                && int.TryParse(line[3], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var state))
            {
                yield return new Socket(local, remote, state, line[9]);
            }
        }
    }

    // The address is printed as 32-bit numbers of this machine's byte order.
    private static IPEndPoint? Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon is not (8 or 32)
            || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var port))
        {
            return null;
        }

        Span<uint> words = stackalloc uint[colon / 8];
        for (var i = 0; i < words.Length; i++)
        {
            if (!uint.TryParse(text.AsSpan(i * 8, 8), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out words[i]))
            {
                return null;
            }
        }

        var address = new IPAddress(MemoryMarshal.AsBytes(words));
        return new IPEndPoint(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, port);
    }

    /// <summary>Program names by the inodes of their sockets; only what this user may see.</summary>
    private Dictionary<string, string> Owners()
    {
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var process in Directory.EnumerateDirectories(root).Where(d => char.IsAsciiDigit(Path.GetFileName(d)[0])))
        {
            try
            {
                foreach (var descriptor in Directory.EnumerateFiles(Path.Combine(process, "fd")))
                {
                    if (new FileInfo(descriptor).LinkTarget is { } target && target.StartsWith("socket:[", StringComparison.Ordinal))
                    {
                        owners.TryAdd(target[8..^1], File.ReadAllText(Path.Combine(process, "comm")).TrimEnd('\n'));
                    }
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It has ended, or is another user's.
            }
        }

        return owners;
    }

    private IEnumerable<string[]> Lines(string file)
    {
        var path = Path.Combine(root, file);
        return File.Exists(path)
            ? File.ReadLines(path).Select(l => l.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            : [];
    }

    private sealed record Socket(IPEndPoint Local, IPEndPoint Remote, int State, string Inode);
}
