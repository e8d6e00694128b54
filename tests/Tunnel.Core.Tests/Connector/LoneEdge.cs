using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tunnel.Core.Connector;
using Tunnel.Protocol.Configuration;
using Tunnel.Protocol.Credentials;
using Tunnel.Testing;

namespace Tunnel.Core.Tests.Connector;

/// <summary>The tunnel port of an edge that is not ours: TLS on loopback, and what the test does on each connection.</summary>
internal sealed class LoneEdge : IAsyncDisposable
{
    private readonly LoopbackServer _server;
    private readonly X509Certificate2 _certificate = CreateCertificate();
    private readonly Func<SslStream, CancellationToken, Task> _serve;
    private int _accepted;

    public LoneEdge(Func<SslStream, CancellationToken, Task> serve)
    {
        _serve = serve;
        _server = new LoopbackServer(ServeAsync);
    }

    /// <summary>How many connections, from the first on, it resets as soon as TLS is up.</summary>
    public int Resets { get; init; }

    /// <summary>Options of a connector that trusts this edge and knows one service, which answers 404.</summary>
    public ConnectorOptions Options => new()
    {
        Credentials = new TunnelCredentials("account", RandomNumberGenerator.GetBytes(32), Guid.NewGuid()),
        Configuration = TunnelConfiguration.ParseYaml("ingress: [{service: 'http_status:404'}]"),
        EdgeAddresses = [new DnsEndPoint("127.0.0.1", _server.EndPoint.Port)],
        CertificateAuthorities = [_certificate],
        Connections = 1,
    };

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _certificate.Dispose();
    }

    private static X509Certificate2 CreateCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=edge", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(ConnectorOptions.EdgeServerName);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1));
    }

    private async Task ServeAsync(Socket socket, CancellationToken cancellationToken)
    {
        await using var stream = new SslStream(new NetworkStream(socket));
        await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, cancellationToken);
        if (Interlocked.Increment(ref _accepted) <= Resets)
        {
            socket.Close(0);
            return;
        }

        try
        {
            await _serve(stream, cancellationToken);
        }
        catch (HttpRequestException)
        {
            // The connector, or the test, has ended.
        }
    }
}
