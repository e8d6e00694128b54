using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Tunnel.Core.Connector.Access;
using Tunnel.Protocol.Tokens;
using Tunnel.Testing;

namespace Tunnel.Core.Tests.Connector.Access;

/// <summary>A team domain that is not ours: HTTPS on loopback, its keys as the test sets them, and a count of who asked.</summary>
internal sealed class LoneTeam : IAsyncDisposable
{
    public const string Domain = "team.example.test";

    private readonly LoopbackServer _server;
    private readonly X509Certificate2 _certificate = CreateCertificate();
    private int _fetches;

    public LoneTeam() => _server = new LoopbackServer(ServeAsync);

    /// <summary>How often the keys were asked for.</summary>
    public int Fetches => Volatile.Read(ref _fetches);

    /// <summary>The status, the headers and the body of each answer.</summary>
    public Func<string> Answer { get; set; } = () => Reply("500 Broken", "");

    public AccessTeamOptions Options => new()
    {
        ConnectTo = new DnsEndPoint("127.0.0.1", _server.EndPoint.Port),
        CertificateAuthorities = [_certificate],
    };

    public void Publish(params TokenSigner[] keys)
    {
        var body = Encoding.UTF8.GetString(new AccessTokenKeys(keys.Select(key => key.PublicKey)).ToJson());
        Answer = () => Reply("200 OK", body);
    }

    public static string Reply(string status, string body, string headers = "") => string.Create(
        CultureInfo.InvariantCulture, $"HTTP/1.1 {status}\r\n{headers}Content-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}");

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _certificate.Dispose();
    }

    private static X509Certificate2 CreateCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=team", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(Domain);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1));
    }

    private async Task ServeAsync(Socket socket, CancellationToken cancellationToken)
    {
        await using var stream = new SslStream(new NetworkStream(socket));
        await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, cancellationToken);
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        var target = await reader.ReadLineAsync(cancellationToken);
        while (await reader.ReadLineAsync(cancellationToken) is { Length: > 0 })
        {
            // Headers.
        }

        Interlocked.Increment(ref _fetches);
        Assert.Equal("GET /cdn-cgi/access/certs HTTP/1.1", target);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(Answer()), cancellationToken);
        await stream.ShutdownAsync();
    }
}
