using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Tunnel.Testing;

/// <summary>
/// Writes small databases in MaxMind's format (MaxMind DB File Format Specification 2.0): a tree of the addresses' bits,
/// records of 24 bits, and what its leaves point to.
/// </summary>
public static class CountryDatabaseFile
{
    private const int Separator = 16;

    /// <param name="path">The file.</param>
    /// <param name="countries">Networks, and what their addresses' <c>country.iso_code</c> is.</param>
    public static void Write(string path, params (string Network, string Country)[] countries)
    {
        var nodes = new List<int[]> { new int[2] };
        using var data = new MemoryStream();
        foreach (var (network, country) in countries)
        {
            // Below zero: 1 and the place in the data, so that nothing is 0.
            Insert(nodes, IPNetwork.Parse(network), ~(int)data.Position);
            Map(data, 1);
            Text(data, "country");
            Map(data, 2);
            Text(data, "iso_code");
            Text(data, country);
            Text(data, "names");
            Map(data, 1);
            Text(data, "en");
            Text(data, "Country " + country);
        }

        using var file = File.Create(path);
        foreach (var record in nodes.SelectMany(node => node))
        {
            var value = record switch
            {
                0 => nodes.Count, // nothing is known
                > 0 => record,
                _ => nodes.Count + Separator + ~record,
            };
            file.Write([(byte)(value >> 16), (byte)(value >> 8), (byte)value]);
        }

        file.Write(new byte[Separator]);
        file.Write(data.ToArray());
        WriteMetadata(file, nodes.Count);
    }

    private static void Insert(List<int[]> nodes, IPNetwork network, int value)
    {
        // IPv4 lies in ::/96 of a tree for IPv6.
        var isIPv4 = network.BaseAddress.GetAddressBytes().Length == 4;
        byte[] bits = isIPv4 ? [.. new byte[12], .. network.BaseAddress.GetAddressBytes()] : network.BaseAddress.GetAddressBytes();
        var length = network.PrefixLength + (isIPv4 ? 96 : 0);
        var node = 0;
        for (var depth = 0; depth < length; depth++)
        {
            var side = (bits[depth / 8] >> (7 - (depth % 8))) & 1;
            if (depth == length - 1)
            {
                nodes[node][side] = value;
                return;
            }

            if (nodes[node][side] == 0)
            {
                nodes[node][side] = nodes.Count;
                nodes.Add(new int[2]);
            }

            node = nodes[node][side];
        }
    }

    private static void WriteMetadata(Stream file, int nodes)
    {
        file.Write([0xAB, 0xCD, 0xEF, .. "MaxMind.com"u8]);
        Map(file, 9);
        Text(file, "node_count");
        Number(file, 6, 4, nodes);
        Text(file, "record_size");
        Number(file, 5, 2, 24);
        Text(file, "ip_version");
        Number(file, 5, 2, 6);
        Text(file, "database_type");
        Text(file, "Test-Country");
        Text(file, "languages");
        file.Write([1, 4]); // an array of one
        Text(file, "en");
        Text(file, "binary_format_major_version");
        Number(file, 5, 2, 2);
        Text(file, "binary_format_minor_version");
        Number(file, 5, 2, 0);
        Text(file, "build_epoch");
        file.Write([8, 2]); // 64 bits
        Span<byte> epoch = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(epoch, 1_700_000_000);
        file.Write(epoch);
        Text(file, "description");
        Map(file, 1);
        Text(file, "en");
        Text(file, "Made for a test");
    }

    private static void Map(Stream file, int count) => file.WriteByte((byte)((7 << 5) | count));

    private static void Text(Stream file, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Assert.True(bytes.Length < 29, "longer texts have another form");
        file.WriteByte((byte)((2 << 5) | bytes.Length));
        file.Write(bytes);
    }

    private static void Number(Stream file, int type, int size, int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        file.WriteByte((byte)((type << 5) | size));
        file.Write(bytes[(4 - size)..]);
    }
}
