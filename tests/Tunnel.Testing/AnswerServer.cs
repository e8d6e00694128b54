using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tunnel.Testing;

/// <summary>A web server on loopback that gives each path the answer that a test wrote down, and notes who asked for what.</summary>
public sealed class AnswerServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    public AnswerServer()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>Without a slash at the end.</summary>
    public string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Path and query, and what comes for them; anything else is not found. An answer of status 0 never comes.</summary>
    public ConcurrentDictionary<string, (int Status, string Body)> Answers { get; } = new(StringComparer.Ordinal);

    /// <summary>Headers that each answer has, each with its line end.</summary>
    public string Headers { get; set; } = "";

    /// <summary>Path and query, and the authorization header, of each request.</summary>
    public ConcurrentQueue<(string Path, string? Authorization)> Requests { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _serving;
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        var open = new List<Task>();
        try
        {
            while (true)
            {
                open.Add(AnswerAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(open);
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
                var path = (await reader.ReadLineAsync(_stop.Token))?.Split(' ') is [_, { } asked, ..] ? asked : "";
                string? authorization = null;
                while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 } line)
                {
                    authorization = line.StartsWith("Authorization: ", StringComparison.OrdinalIgnoreCase) ? line[15..] : authorization;
                }

                Requests.Enqueue((path, authorization));
                var (status, body) = Answers.TryGetValue(path, out var answer) ? answer : (404, "{}");
                if (status == 0)
                {
                    await Task.Delay(Timeout.Infinite, _stop.Token);
                }

                await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(
                    $"HTTP/1.1 {status} Answer\r\nContent-Type: application/json\r\n{Headers}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}"), _stop.Token);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or SocketException)
            {
                // Whoever asked has gone, or the test has ended.
            }
        }
    }
}
