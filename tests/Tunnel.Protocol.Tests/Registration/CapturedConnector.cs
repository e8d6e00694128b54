using System.Text.RegularExpressions;

namespace Tunnel.Protocol.Tests.Registration;

/// <summary>
/// The control stream of cloudflared 2026.8.2, as an edge that is not ours saw it: the capture lies beside the checkout,
/// not in it.
/// </summary>
internal sealed partial class CapturedConnector
{
    private const string Name = "shared/vectors/cloudflared-2026.8.2-http2.log";

    private CapturedConnector(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            if (ControlData().Match(line) is { Success: true } data)
            {
                Messages.Add((data.Groups["direction"].Value == "<-", Convert.FromHexString(data.Groups["hex"].Value)));
            }
            else if (Told().Match(line) is { Success: true } told)
            {
                Log.Add(told.Groups["what"].Value);
            }
        }
    }

    /// <summary>In the order of the capture, each one message.</summary>
    public List<(bool FromConnector, byte[] Bytes)> Messages { get; } = [];

    /// <summary>What the edge said that it understood.</summary>
    public List<string> Log { get; } = [];

    public IEnumerable<byte[]> FromConnector => Messages.Where(m => m.FromConnector).Select(m => m.Bytes);

    public IEnumerable<byte[]> FromEdge => Messages.Where(m => !m.FromConnector).Select(m => m.Bytes);

    public static CapturedConnector Load()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            var path = Path.Combine(at.FullName, Name);
            if (File.Exists(path))
            {
                return new CapturedConnector(File.ReadLines(path));
            }
        }

        Assert.Skip($"{Name} is not beside this checkout.");
        throw new InvalidOperationException();
    }

    public string Logged(string start) => Log.Single(l => l.StartsWith(start, StringComparison.Ordinal));

    [GeneratedRegex(@"conn 1  edge(?<direction><-|->)cfd #\d+ DATA stream=1 .* data=(?<hex>[0-9a-f]+)$")]
    private static partial Regex ControlData();

    [GeneratedRegex(@"conn 1: (?<what>(RegisterConnection|UpdateLocalConfiguration|UnregisterConnection).*)$")]
    private static partial Regex Told();
}
