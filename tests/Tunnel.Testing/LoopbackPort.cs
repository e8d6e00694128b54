using System.Net;
using System.Net.Sockets;

namespace Tunnel.Testing;

/// <summary>Loopback ports for what is to listen later, or to listen there again.</summary>
/// <remarks>
/// None is one that a system gives to outgoing connections (from 32768 on by default, on Linux; higher elsewhere): such a
/// port is somebody's before its listener comes, and who knocks at it meanwhile may be answered by itself.
/// </remarks>
public static class LoopbackPort
{
    private const int First = 20_000;
    private const int Count = 12_000;

    private static int s_last = Random.Shared.Next(Count);

    /// <summary>A port that nobody listens on, and that this process has not given out lately.</summary>
    public static int Next()
    {
        while (true)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref s_last) % Count);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: the next.
            }
        }
    }
}
