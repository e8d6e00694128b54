using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Tunnel.Core.Client;

namespace Tunnel.Core.Tests.Client;

public sealed class ServerTrustTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Theory, InlineData(false), InlineData(true)]
    public async Task The_authority_given_is_enough(bool asFile)
    {
        await using var server = await StartAsync();

        await using var stream = await ConnectAsync(server, asFile, server.Authority.Pem);

        Assert.True(stream.CanRead);
    }

    [Fact]
    public async Task An_authority_is_found_among_many()
    {
        await using var server = await StartAsync();
        using var other = new TestAuthority("CN=Another authority");
        using var sameName = new TestAuthority();

        await using var stream = await ConnectAsync(
            server, asFile: true, $"# comment\n{other.Pem}\n{sameName.Pem}\nnot pem\n{server.Authority.Pem}\n");

        Assert.True(stream.CanRead);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Another_authority_of_the_same_name_is_not(bool asFile)
    {
        await using var server = await StartAsync();
        using var other = new TestAuthority();

        var error = await Assert.ThrowsAsync<AccessConnectException>(() => ConnectAsync(server, asFile, other.Pem));

        Assert.Contains("not trusted", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_systems_authorities_do_not_vouch_for_a_test()
    {
        await using var server = await StartAsync();

        await Assert.ThrowsAsync<AccessConnectException>(() => AccessStream.ConnectAsync(
            new AccessClientOptions { Address = AccessServer.Host, ConnectTo = server.EndPoint },
            TestContext.Current.CancellationToken));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_certificate_for_another_host_is_refused(bool asFile)
    {
        await using var server = await StartAsync(authority => authority.Issue("other.example.test"));

        var error = await Assert.ThrowsAsync<AccessConnectException>(
            () => ConnectAsync(server, asFile, server.Authority.Pem));

        Assert.Contains("it is for other.example.test, not for ssh.example.test", error.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task An_expired_certificate_is_refused(bool asFile)
    {
        await using var server = await StartAsync(authority => authority.Issue(AccessServer.Host, isExpired: true));

        var error = await Assert.ThrowsAsync<AccessConnectException>(
            () => ConnectAsync(server, asFile, server.Authority.Pem));

        Assert.Contains("NotTimeValid", error.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_certificate_for_clients_is_refused(bool asFile)
    {
        // Kestrel itself refuses such a certificate, so plain TLS serves it.
        using var authority = new TestAuthority();
        using var certificate = authority.Issue(AccessServer.Host, "1.3.6.1.5.5.7.3.2");
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeOnceAsync();
        await File.WriteAllTextAsync(_file, authority.Pem, TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<AccessConnectException>(() => AccessStream.ConnectAsync(
            new AccessClientOptions
            {
                Address = AccessServer.Host,
                ConnectTo = new("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port),
                CertificateAuthorities = asFile ? null : authority.Collection,
                CertificateAuthorityFile = asFile ? _file : null,
            },
            TestContext.Current.CancellationToken));
        await serving;

        async Task ServeOnceAsync()
        {
            using var socket = await listener.AcceptSocketAsync(TestContext.Current.CancellationToken);
            await using var tls = new SslStream(new NetworkStream(socket));
            try
            {
                await tls.AuthenticateAsServerAsync(certificate);
                await tls.CopyToAsync(Stream.Null);
            }
            catch (Exception error) when (error is IOException or AuthenticationException)
            {
                // The visitor hangs up, as it should.
            }
        }
    }

    [Fact]
    public async Task A_file_that_is_missing_is_told()
    {
        await using var server = await StartAsync();

        var error = await Assert.ThrowsAsync<AccessConnectException>(() => AccessStream.ConnectAsync(
            new AccessClientOptions { Address = AccessServer.Host, ConnectTo = server.EndPoint, CertificateAuthorityFile = _file + ".none" },
            TestContext.Current.CancellationToken));

        Assert.Contains(_file + ".none", error.Message, StringComparison.Ordinal);
    }

    private static Task<AccessServer> StartAsync(
        Func<TestAuthority, X509Certificate2>? issue = null) =>
        AccessServer.StartAsync(
            async context =>
            {
                using var socket = await context.WebSockets.AcceptWebSocketAsync();
            },
            issue);

    private async Task<AccessStream> ConnectAsync(AccessServer server, bool asFile, string pem)
    {
        await File.WriteAllTextAsync(_file, pem, TestContext.Current.CancellationToken);
        var roots = new X509Certificate2Collection();
        roots.ImportFromPem(pem);
        return await AccessStream.ConnectAsync(
            new AccessClientOptions
            {
                Address = AccessServer.Host,
                ConnectTo = server.EndPoint,
                CertificateAuthorities = asFile ? null : roots,
                CertificateAuthorityFile = asFile ? _file : null,
            },
            TestContext.Current.CancellationToken);
    }
}
