using System.Net.Sockets;
using System.Text;

namespace Tunnel.Agent.Service;

/// <summary>Tells the service manager how far the program is: systemd's notification protocol, sd_notify(3).</summary>
internal static class ServiceNotifier
{
    private const string Variable = "NOTIFY_SOCKET";

    /// <summary>It does what it is there for.</summary>
    public static void Ready() => Send("READY=1");

    /// <summary>It was asked to stop and is doing so.</summary>
    public static void Stopping() => Send("STOPPING=1");

    private static void Send(string state)
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 1 } path || path[0] is not ('/' or '@'))
        {
            return;
        }

        // An @ stands for the zero byte of Linux's abstract names.
        var address = new UnixDomainSocketEndPoint(path[0] == '@' ? "\0" + path[1..] : path);
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            socket.SendTo(Encoding.UTF8.GetBytes(state), address);
        }
        catch (SocketException)
        {
            // Nobody listens there: nothing that should stop a program from its work.
        }
    }
}
