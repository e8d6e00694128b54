using System.Globalization;

namespace Tunnel.EndToEnd.Tests.Ingress;

/// <summary>Knocks at sshd from outside twenty times a second and keeps the moments at which it was let in.</summary>
/// <remarks>
/// The moment of a knock is that at which it began, and the one that gets no answer is given up before TCP would ask again:
/// else a knock at a closed door would be let in when it opens.
/// </remarks>
internal sealed class DoorWatch : IAsyncDisposable
{
    private readonly RunningProgram _program;

    public DoorWatch(NetworkLab lab, string host, string address) =>
        _program = lab.Start(host, "bash", "-c", """
            while :; do
              timeout -s KILL 0.7 bash -c 't=$EPOCHREALTIME; exec 3<>"/dev/tcp/$0/22" && echo "$t"' "$0" 2>/dev/null &
              sleep 0.05
            done 2>/dev/null
            """, address);

    /// <summary>When somebody was let in, in order.</summary>
    public IReadOnlyList<DateTimeOffset> Opened =>
    [
        .. _program.Output.Split('\n', StringSplitOptions.TrimEntries)
            .Where(l => l.Contains('.', StringComparison.Ordinal))
            .Select(l => DateTimeOffset.UnixEpoch.AddSeconds(double.Parse(l, CultureInfo.InvariantCulture)))
            .Order(),
    ];

    public ValueTask DisposeAsync() => _program.DisposeAsync();
}
