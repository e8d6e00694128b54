using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using Tunnel.Core.Client;

namespace Tunnel.Benchmarks.Lab;

/// <summary>A tunnel through the edge. The programs differ; the edge, the visitor and the services are the same.</summary>
internal sealed class TunnelSubject : Subject
{
    private readonly EdgeProcess _edge;
    private readonly Publication _publication;
    private readonly HttpMessageInvoker _visitor;

    /// <param name="program">Connector and ProxyCommand.</param>
    public TunnelSubject(SubjectKind kind, string program, EdgeProcess edge, Publication publication)
        : base(kind)
    {
        (_edge, _publication, Program) = (edge, publication, program);
        Connector = new ConnectorProcess(program, edge, publication);
        Environment = new Dictionary<string, string>
        {
            ["TUNNEL_SERVICE_TOKEN_ID"] = publication.Token.ClientId!,
            ["TUNNEL_SERVICE_TOKEN_SECRET"] = publication.Token.ClientSecret!,
            ["HOME"] = publication.Directory,
        };
        _visitor = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ConnectCallback = ConnectAsync,
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    RevocationMode = X509RevocationMode.NoCheck,
                    CustomTrustStore = { edge.Authorities[0] },
                },
            },
        });
    }

    public string Program { get; }

    public ConnectorProcess Connector { get; }

    public override IReadOnlyDictionary<string, string> Environment { get; }

    public override IReadOnlyList<string> SshOptions =>
        ["-o", "ProxyCommand=" + string.Join(' ', ProxyCommand(_publication.SshHostname).Prepend(Program))];

    /// <summary>The arguments of a ProxyCommand that leads to the origin.</summary>
    public IReadOnlyList<string> OriginProxyCommand => ProxyCommand(_publication.OriginHostname);

    public override async Task<Stream> OpenAsync(CancellationToken cancellationToken) => await AccessStream.ConnectAsync(
        new AccessClientOptions
        {
            Address = _publication.OriginHostname,
            ConnectTo = new("127.0.0.1", _edge.PublicPort),
            CertificateAuthorities = _edge.Authorities,
            ServiceTokenId = _publication.Token.ClientId,
            ServiceTokenSecret = _publication.Token.ClientSecret,
        },
        cancellationToken);

    public override async Task<Stream> OpenAnotherAsync(CancellationToken cancellationToken)
    {
        var socket = new ClientWebSocket();
        socket.Options.HttpVersion = new Version(2, 0);
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        socket.Options.SetRequestHeader("CF-Access-Client-Id", _publication.Token.ClientId);
        socket.Options.SetRequestHeader("CF-Access-Client-Secret", _publication.Token.ClientSecret);
        try
        {
            await socket.ConnectAsync(new Uri($"wss://{_publication.OriginHostname}/"), _visitor, cancellationToken);
            return WebSocketStream.Create(socket, WebSocketMessageType.Binary, TimeSpan.FromSeconds(2));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public override async ValueTask DisposeAsync()
    {
        _visitor.Dispose();
        await Connector.DisposeAsync();
        await base.DisposeAsync();
    }

    private List<string> ProxyCommand(string hostname)
    {
        var port = _edge.PublicPort.ToString(CultureInfo.InvariantCulture);
        List<string> arguments = ["access", "ssh", "--hostname", hostname, "--connect-to"];
        // cloudflared asks for the address's own certificate unless it is given a name, and then it checks none.
        arguments.AddRange(Kind == SubjectKind.Agent
            ? [$"127.0.0.1:{port}", "--cacert", _edge.CertificateAuthorityFile] : [$"{hostname}:{port}:127.0.0.1"]);
        return arguments;
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync("127.0.0.1", _edge.PublicPort, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
