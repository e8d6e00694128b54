using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;

namespace Tunnel.Testing;

/// <summary>A web server on loopback that gives each path the answer that a test wrote down, and notes who asked for what.</summary>
public sealed class AnswerServer : IAsyncDisposable
{
    private readonly LoopbackServer _server;

    public AnswerServer() => _server = new LoopbackServer(AnswerAsync);

    /// <summary>Without a slash at the end.</summary>
    public string Address => $"http://{_server.EndPoint}";

    /// <summary>Path and query, and what comes for them; anything else is not found. An answer of status 0 never comes.</summary>
    public ConcurrentDictionary<string, (int Status, string Body)> Answers { get; } = new(StringComparer.Ordinal);

    /// <summary>Headers that each answer has, each with its line end.</summary>
    public string Headers { get; set; } = "";

    /// <summary>Path and query, and the authorization header, of each request.</summary>
    public ConcurrentQueue<(string Path, string? Authorization)> Requests { get; } = new();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task AnswerAsync(Socket client, CancellationToken cancellationToken)
    {
        await using var stream = new NetworkStream(client);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        var path = (await reader.ReadLineAsync(cancellationToken))?.Split(' ') is [_, { } asked, ..] ? asked : "";
        string? authorization = null;
        while (await reader.ReadLineAsync(cancellationToken) is { Length: > 0 } line)
        {
            authorization = line.StartsWith("Authorization: ", StringComparison.OrdinalIgnoreCase) ? line[15..] : authorization;
        }

        Requests.Enqueue((path, authorization));
        var (status, body) = Answers.TryGetValue(path, out var answer) ? answer : (404, "{}");
        if (status == 0)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        await stream.WriteAsync(Encoding.UTF8.GetBytes(
            $"HTTP/1.1 {status} Answer\r\nContent-Type: application/json\r\n{Headers}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}"), cancellationToken);
    }
}
