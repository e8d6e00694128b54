using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Tunnel.Benchmarks.Lab;

/// <summary>Serves on a free loopback port, which it prints, until its standard input ends.</summary>
internal static class OriginServer
{
    private const int BufferSize = 256 * 1024;

    public static async Task<int> RunAsync()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start(1024);
        await Console.Out.WriteLineAsync(((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture));
        _ = AcceptAsync(listener);
        await Console.OpenStandardInput().CopyToAsync(Stream.Null);
        return 0;
    }

    private static async Task AcceptAsync(TcpListener listener)
    {
        while (true)
        {
            _ = ServeAsync(await listener.AcceptSocketAsync());
        }
    }

    private static async Task ServeAsync(Socket socket)
    {
        using (socket)
        {
            try
            {
                socket.NoDelay = true;
                var request = new byte[1];
                if (await socket.ReceiveAsync(request) == 1)
                {
                    await (request[0] switch
                    {
                        OriginRequest.Send => SendAsync(socket),
                        OriginRequest.Receive => ReceiveAsync(socket),
                        _ => EchoAsync(socket),
                    });
                }
            }
            catch (SocketException)
            {
                // The visitor has left.
            }
        }
    }

    private static async Task EchoAsync(Socket socket)
    {
        var buffer = new byte[4096];
        int read;
        while ((read = await socket.ReceiveAsync(buffer)) > 0)
        {
            await SendAllAsync(socket, buffer.AsMemory(0, read));
        }
    }

    private static async Task SendAsync(Socket socket)
    {
        var zeros = new byte[BufferSize];
        while (true)
        {
            await SendAllAsync(socket, zeros);
        }
    }

    private static async Task ReceiveAsync(Socket socket)
    {
        var buffer = new byte[BufferSize];
        var unreported = 0;
        int read;
        while ((read = await socket.ReceiveAsync(buffer)) > 0)
        {
            unreported += read;
            if (unreported >= OriginRequest.ReceiptSize)
            {
                await SendAllAsync(socket, new byte[unreported / OriginRequest.ReceiptSize]);
                unreported %= OriginRequest.ReceiptSize;
            }
        }
    }

    private static async ValueTask SendAllAsync(Socket socket, ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await socket.SendAsync(bytes)..];
        }
    }
}
