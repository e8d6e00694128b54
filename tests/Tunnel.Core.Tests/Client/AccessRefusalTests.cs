using System.Net;
using System.Net.Sockets;
using Tunnel.Core.Client;
using Tunnel.Testing;

namespace Tunnel.Core.Tests.Client;

public sealed class AccessRefusalTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_redirect_to_the_login_asks_for_a_token_and_is_not_followed(bool blocking)
    {
        const string login = "https://team.example.test/cdn-cgi/access/login/ssh.example.test?kid=1";
        await using var server = await AccessServer.StartRefusingAsync(302, login);

        var error = await Assert.ThrowsAsync<AccessDeniedException>(() => server.ConnectAsync(blocking));

        Assert.Equal(302, error.StatusCode);
        Assert.Equal(new Uri(login), error.Location);
        Assert.Contains("TUNNEL_SERVICE_TOKEN_ID", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirect_to_the_login_in_spite_of_a_token_names_the_token_but_does_not_show_it()
    {
        await using var server = await AccessServer.StartRefusingAsync(302, "/cdn-cgi/access/login/ssh.example.test");
        var o = server.Options();
        var options = new AccessClientOptions
        {
            Address = o.Address,
            ConnectTo = o.ConnectTo,
            CertificateAuthorities = o.CertificateAuthorities,
            ServiceTokenId = "id.access",
            ServiceTokenSecret = "very-secret",
        };

        var error = await Assert.ThrowsAsync<AccessDeniedException>(() => AccessStream.ConnectAsync(options, Cancellation));

        Assert.Contains("service token", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("very-secret", error.ToString() + options, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirect_elsewhere_is_not_followed()
    {
        await using var server = await AccessServer.StartRefusingAsync(301, "https://www.example.test/");

        var error = await Assert.ThrowsAsync<AccessConnectException>(() => server.ConnectAsync());

        Assert.Contains("www.example.test", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, "does not know this visitor", true)]
    [InlineData(403, "refuses this visitor", true)]
    [InlineData(404, "nothing to connect to", false)]
    [InlineData(502, "behind its connector does not answer", false)]
    [InlineData(503, "No connector", false)]
    [InlineData(530, "No connector", false)]
    [InlineData(200, "web site", false)]
    [InlineData(418, "418", false)]
    public async Task Every_other_status_is_told_apart(int status, string says, bool isDenied)
    {
        await using var server = await AccessServer.StartRefusingAsync(status, text: "because\u001b[31m of this\r\nand that");

        var error = await Assert.ThrowsAnyAsync<AccessConnectException>(() => server.ConnectAsync());

        Assert.Equal(status, error.StatusCode);
        Assert.Equal(isDenied, error is AccessDeniedException);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.EndsWith("because[31m of this", error.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Nothing_listening_is_told(bool blocking)
    {
        var error = await Assert.ThrowsAsync<AccessConnectException>(() => ConnectAsync(LoopbackPort.Next(), blocking, "localhost"));

        Assert.Contains("refused", error.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task An_unknown_name_is_told(bool blocking)
    {
        var error = await Assert.ThrowsAsync<AccessConnectException>(() => ConnectAsync(443, blocking, "no-such-host.invalid"));

        Assert.Contains("no-such-host.invalid is not known", error.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_server_that_does_not_answer_is_given_up(bool blocking)
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();

        var error = await Assert.ThrowsAsync<AccessConnectException>(
            () => ConnectAsync(((IPEndPoint)silent.LocalEndpoint).Port, blocking, "127.0.0.1", TimeSpan.FromMilliseconds(200)));

        Assert.Contains("did not answer within 0.2 s", error.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Cancelling_ends_a_connect(bool blocking)
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var cancel = new CancellationTokenSource();
        var connecting = ConnectAsync(
            ((IPEndPoint)silent.LocalEndpoint).Port, blocking, "127.0.0.1", cancellation: cancel.Token);
        using var accepted = await silent.AcceptSocketAsync(Cancellation);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_server_without_TLS_is_told(bool blocking)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var connecting = ConnectAsync(((IPEndPoint)listener.LocalEndpoint).Port, blocking, "127.0.0.1");
        using var accepted = await listener.AcceptSocketAsync(Cancellation);
        await accepted.SendAsync("SSH-2.0-OpenSSH_9.9\r\n"u8.ToArray());

        var error = await Assert.ThrowsAsync<AccessConnectException>(() => connecting);

        Assert.Contains("TLS", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_upgrade_without_its_proof_is_refused()
    {
        await using var server = await AccessServer.StartAsync(context =>
        {
            context.Response.StatusCode = 101;
            context.Response.Headers["Upgrade"] = "websocket";
            return Task.CompletedTask;
        });

        var error = await Assert.ThrowsAsync<AccessConnectException>(() => server.ConnectAsync());

        Assert.Contains("did not answer as a WebSocket server", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_header_cannot_smuggle_another()
    {
        await using var server = await AccessServer.StartRefusingAsync(403);
        var o = server.Options();
        var options = new AccessClientOptions
        {
            Address = o.Address,
            ConnectTo = o.ConnectTo,
            CertificateAuthorities = o.CertificateAuthorities,
            ServiceTokenId = "id",
            ServiceTokenSecret = "secret\r\nX-Other: 1",
        };

        var error = await Assert.ThrowsAsync<AccessConnectException>(() => AccessStream.ConnectAsync(options, Cancellation));

        Assert.Null(error.StatusCode);
        Assert.DoesNotContain("X-Other", error.Message, StringComparison.Ordinal);
    }

    private static Task<AccessStream> ConnectAsync(
        int port, bool blocking, string host, TimeSpan? timeout = null, CancellationToken? cancellation = null) =>
        AccessServer.Run(
            () => AccessStream.ConnectAsync(
                new AccessClientOptions
                {
                    Address = AccessServer.Host,
                    ConnectTo = new DnsEndPoint(host, port),
                    BlockingIo = blocking,
                    ConnectTimeout = timeout ?? Eventually.Limit,
                },
                cancellation ?? Cancellation),
            blocking);
}
