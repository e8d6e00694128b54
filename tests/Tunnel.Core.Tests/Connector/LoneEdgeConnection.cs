using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using Tunnel.Protocol.Registration;
using Tunnel.Protocol.Rpc;
using Tunnel.Protocol.Streams;

namespace Tunnel.Core.Tests.Connector;

/// <summary>One connector's connection at a <see cref="LoneEdge"/>: HTTP/2 by prior knowledge, and a control stream.</summary>
/// <param name="register">Answers the registration.</param>
internal sealed class LoneEdgeConnection(
    SslStream stream, Func<LoneEdgeConnection, RegistrationRequest, Task<ConnectionDetails>> register)
    : IRegistrationHandler, IDisposable
{
    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        ConnectCallback = (_, _) => ValueTask.FromResult<Stream>(stream),
    });

    public static ConnectionDetails Accepted => new(Guid.NewGuid(), "TST", false);

    /// <summary>Serves the control stream until it ends.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var body = new OpenBody();
        using var response = await SendAsync(StreamHeaders.UpgradeControlStream, body, cancellationToken: cancellationToken);
        var input = PipeReader.Create(await response.Content.ReadAsStreamAsync(cancellationToken));
        var output = PipeWriter.Create(await body.Stream.WaitAsync(cancellationToken));
        try
        {
            await new RegistrationServer(new Duplex(input, output), this).RunAsync(cancellationToken);
        }
        catch (RpcException)
        {
            // The connector has dropped the connection.
        }
    }

    /// <summary>Opens a stream and waits for the head of the answer.</summary>
    /// <param name="upgrade">What the stream is for; null for a plain request.</param>
    public Task<HttpResponseMessage> SendAsync(
        string? upgrade, HttpContent? content, IEnumerable<(string Name, string Value)>? headers = null,
        CancellationToken cancellationToken = default)
    {
        var request = new HttpRequestMessage(content is null ? HttpMethod.Get : HttpMethod.Post, "http://h2.cftunnel.com/")
        {
            Content = content,
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        if (upgrade is not null)
        {
            request.Headers.Add(StreamHeaders.ConnectionUpgrade, upgrade);
        }

        foreach (var (name, value) in headers ?? [])
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return _client.SendAsync(request, cancellationToken);
    }

    public void Dispose() => _client.Dispose();

    async ValueTask<ConnectionDetails> IRegistrationHandler.RegisterAsync(RegistrationRequest request, CancellationToken cancellationToken) =>
        await register(this, request);

    ValueTask IRegistrationHandler.UnregisterAsync(CancellationToken cancellationToken) => default;

    ValueTask IRegistrationHandler.UpdateLocalConfigurationAsync(ReadOnlyMemory<byte> json, CancellationToken cancellationToken) => default;

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    /// <summary>A request's body that stays open until it is disposed.</summary>
    private sealed class OpenBody : HttpContent
    {
        private readonly TaskCompletionSource<Stream> _stream = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<Stream> Stream => _stream.Task;

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.FlushAsync();
            _stream.SetResult(stream);
            await _ended.Task;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }

        protected override void Dispose(bool disposing)
        {
            _ended.TrySetResult();
            base.Dispose(disposing);
        }
    }
}
