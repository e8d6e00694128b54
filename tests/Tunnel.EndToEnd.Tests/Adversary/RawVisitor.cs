using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests.Adversary;

/// <summary>A visitor of HTTP/1.1 whose every byte the test chooses: what no client library would send.</summary>
internal static class RawVisitor
{
    /// <summary>What asks for a WebSocket, which is what a service behind ssh:// and tcp:// is reached by.</summary>
    public const string Upgrade =
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

    /// <summary>"HTTP/1.1 200".</summary>
    private const int StatusLength = 12;

    private static readonly TimeSpan s_limit = Eventually.Limit;
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(1);

    /// <summary>Sends the bytes and returns the status of the answer: 0 where there is none and the connection ends.</summary>
    /// <param name="serverName">The name in TLS; null for none.</param>
    public static async Task<int> SendAsync(EdgeLab lab, string? serverName, string request)
    {
        var answer = await ReadAsync(lab, serverName, request, StatusLength);
        return answer.StartsWith("HTTP/1.", StringComparison.Ordinal) && int.TryParse(answer.AsSpan(9, 3), out var status) ? status : 0;
    }

    /// <summary>Everything that comes back until the connection ends or falls silent.</summary>
    public static Task<string> ReadAsync(EdgeLab lab, string? serverName, string request) => ReadAsync(lab, serverName, request, int.MaxValue);

    private static async Task<string> ReadAsync(EdgeLab lab, string? serverName, string request, int enough)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(lab.Edge.PublicEndPoint);
        await using var stream = new SslStream(client.GetStream());
        await stream.AuthenticateAsClientAsync(lab.Trusting(serverName ?? "127.0.0.1")); // an address is no server name (RFC 6066)
        var answer = new StringBuilder();
        using var limit = new CancellationTokenSource(s_limit);
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(request), limit.Token);
            var buffer = new byte[16 * 1024];
            int read;
            while (answer.Length < enough && (read = await stream.ReadAsync(buffer, limit.Token)) > 0)
            {
                answer.Append(Encoding.Latin1.GetString(buffer, 0, read));
                limit.CancelAfter(s_silence); // what comes after an answer comes at once
            }
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or AuthenticationException)
        {
            // Cut off, or silent.
        }

        return answer.ToString();
    }
}
