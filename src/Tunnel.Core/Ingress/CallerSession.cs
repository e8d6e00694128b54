using System.Globalization;
using System.Net;

namespace Tunnel.Core.Ingress;

/// <summary>Tells whether the person who closes the door came in by it.</summary>
public static class CallerSession
{
    /// <param name="sshConnection"><c>SSH_CONNECTION</c>: client address, client port, server address, server port.</param>
    /// <param name="sessions">The open connections, loopback left out.</param>
    /// <returns>The session; null at a console, or over a tunnel, whose sshd sees a client on this host.</returns>
    public static HostSession? Find(string? sshConnection, IReadOnlyList<HostSession> sessions)
    {
        ArgumentNullException.ThrowIfNull(sessions);
        if (sshConnection?.Split(' ') is not [var client, var clientPort, var server, var serverPort]
            || Point(client, clientPort) is not { } remote || Point(server, serverPort) is not { } local
            || IPAddress.IsLoopback(remote.Address) || remote.Address.Equals(local.Address))
        {
            return null;
        }

        var session = new HostSession(local, remote);
        return sessions.Contains(session) ? session : null;
    }

    private static IPEndPoint? Point(string address, string port) =>
        IPAddress.TryParse(address, out var ip) && ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new IPEndPoint(ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip, number)
            : null;
}
