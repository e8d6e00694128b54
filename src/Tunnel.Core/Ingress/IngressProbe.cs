using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Tunnel.Core.Ingress;

/// <summary>Looks from outside for ports that answer.</summary>
public sealed record IngressProbe
{
    /// <summary>How long a port may take to answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How many ports are asked at once.</summary>
    public int Parallelism { get; init; } = 64;

    /// <summary>Asks each port at each address, and yields those that answer, in the order in which they do.</summary>
    /// <remarks>
    /// TCP answers when a connection is made. UDP answers when something comes back; silence says nothing of a service that
    /// only listens.
    /// </remarks>
    public async IAsyncEnumerable<IngressAnswer> ScanAsync(
        IReadOnlyList<IPAddress> addresses,
        IReadOnlyList<AllowedPort> ports,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        ArgumentNullException.ThrowIfNull(ports);
        var answers = System.Threading.Channels.Channel.CreateUnbounded<IngressAnswer>();
        var targets = addresses.SelectMany(a => ports.SelectMany(p =>
            Enumerable.Range(p.First, p.Last - p.First + 1).Select(n => (p.Protocol, Point: new IPEndPoint(a, n)))));
        // Who has seen enough leaves the loop: nothing goes on behind.
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var options = new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = leaving.Token };
        var scan = Parallel.ForEachAsync(targets, options, async (target, token) =>
        {
            if (await AnswersAsync(target.Protocol, target.Point, token).ConfigureAwait(false))
            {
                answers.Writer.TryWrite(new IngressAnswer(target.Point, target.Protocol));
            }
        }).ContinueWith(t => answers.Writer.Complete(t.Exception?.InnerException), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        try
        {
            await foreach (var answer in answers.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return answer;
            }
        }
        finally
        {
            await leaving.CancelAsync().ConfigureAwait(false);
            await scan.ConfigureAwait(false);
        }
    }

    /// <summary>The same from another machine, over ssh; TCP only.</summary>
    /// <param name="peer">As ssh names it; needs bash and timeout there.</param>
    /// <exception cref="NetworkIngressException">ssh did not get there, or something is missing there.</exception>
    public async IAsyncEnumerable<IngressAnswer> ScanFromAsync(
        string peer,
        IReadOnlyList<IPAddress> addresses,
        IReadOnlyList<AllowedPort> ports,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        ArgumentNullException.ThrowIfNull(ports);
        var targets = addresses.SelectMany(a => ports.Where(p => p.Protocol == "tcp").SelectMany(p =>
            Enumerable.Range(p.First, p.Last - p.First + 1).Select(n => string.Create(CultureInfo.InvariantCulture, $"{a} {n}\n"))));
        // Only addresses and numbers go into what the peer's shell reads, and they go in as its input.
        var script = string.Create(CultureInfo.InvariantCulture, $$"""
            ask() { timeout {{Timeout.TotalSeconds}} bash -c ': <"/dev/tcp/$0/$1"' "$1" "$2" 2>/dev/null && echo "$1 $2"; }
            while read -r address port; do
              ask "$address" "$port" &
              [ "$(jobs -r | wc -l)" -lt {{Parallelism}} ] || wait -n
            done <<'EOF'
            {{string.Concat(targets)}}EOF
            wait
            exit 0

            """).ReplaceLineEndings("\n");
        var output = await new FirewallCommands().RunAsync(
            new FirewallCommand("ssh", ["-o", "BatchMode=yes", "--", peer, "bash", "-s"], script) { MayBeCut = true }, cancellationToken).ConfigureAwait(false);
        foreach (var line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Split(' ') is [var address, var port] && IPAddress.TryParse(address, out var ip)
                && ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                yield return new IngressAnswer(new IPEndPoint(ip, number), "tcp") { From = peer };
            }
        }
    }

    /// <summary>The addresses of a name, each once; of an address, itself.</summary>
    /// <exception cref="SocketException">The name was not found.</exception>
    public static async Task<IPAddress[]> ResolveAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return [.. (await Dns.GetHostAddressesAsync(name, cancellationToken).ConfigureAwait(false)).Distinct()];
        }
        catch (SocketException e)
        {
            throw new SocketException((int)e.SocketErrorCode, $"The addresses of '{name}' were not found: {e.Message}.");
        }
    }

    private async Task<bool> AnswersAsync(string protocol, IPEndPoint point, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Timeout);
        try
        {
            if (protocol == "tcp")
            {
                using var stream = new Socket(point.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                await stream.ConnectAsync(point, limit.Token).ConfigureAwait(false);
                return true;
            }

            using var datagrams = new Socket(point.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            await datagrams.ConnectAsync(point, limit.Token).ConfigureAwait(false);
            await datagrams.SendAsync(new byte[1], limit.Token).ConfigureAwait(false);
            return await datagrams.ReceiveAsync(new byte[1], limit.Token).ConfigureAwait(false) >= 0;
        }
        catch (SocketException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
