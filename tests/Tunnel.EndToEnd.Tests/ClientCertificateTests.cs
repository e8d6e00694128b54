using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Tunnel.Access;
using Tunnel.Core.Api;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests;

/// <summary>
/// Machines that show a client certificate: made by openssl, shown by curl. The tunnel answers 418 to whom Access lets
/// through, and nobody else sees that.
/// </summary>
public sealed class ClientCertificateTests : IAsyncLifetime
{
    private const string Hostname = "mtls.example.test";
    private const string Neighbour = "neighbour.example.test";
    private const string LetIn = "418";
    private const string Refused = "403";

    private readonly TestCertificates _certificates = new();
    private EdgeLab _lab = null!;
    private AccessCertificate _authority = null!;

    public async ValueTask InitializeAsync()
    {
        _lab = await EdgeLab.StartAsync();
        _authority = await AddAuthorityAsync("ca", Hostname);
        await _lab.ProtectAsync(Hostname, EdgeLab.Policy(AccessDecision.NonIdentity, new CommonNameRule("laptop")));
        await _lab.PublishAsync(Hostname, "http_status:418", connections: 1);
    }

    public async ValueTask DisposeAsync()
    {
        await _lab.DisposeAsync();
        _certificates.Dispose();
    }

    [Fact]
    public async Task A_certificate_of_the_authority_with_the_common_name_opens_the_hostname()
    {
        var file = await _certificates.IssueAsync("ca", "/O=Example/CN=laptop");

        Assert.Equal(LetIn, await CurlAsync(Hostname, file));
        Assert.Equal(LetIn, await CurlAsync(Hostname, file, "--http1.1"));
        Assert.Equal(LetIn, await CurlAsync(Hostname, file, "--tls-max", "1.2"));
        Assert.All(await LogAsync(), entry => Assert.Equal((true, "nonidentity"), (entry.Allowed, entry.Connection)));
    }

    [Fact]
    public async Task No_certificate_or_another_common_name_does_not()
    {
        Assert.Equal(Refused, await CurlAsync(Hostname, null));
        Assert.Equal(Refused, await CurlAsync(Hostname, await _certificates.IssueAsync("ca", "/CN=desktop")));
        Assert.Equal(Refused, await CurlAsync(Hostname, await _certificates.IssueAsync("ca", "/OU=laptop/O=laptop")));
        Assert.Equal(Refused, await CurlAsync(Hostname, await _certificates.IssueAsync("ca", "/CN=laptop/CN=desktop")));
    }

    [Theory]
    [InlineData("extendedKeyUsage=serverAuth", 5, "not for the authentication of clients")]
    [InlineData("extendedKeyUsage=clientAuth", -1, "expired")]
    public async Task What_is_not_for_clients_or_is_over_is_worth_nothing(string extensions, int days, string reason)
    {
        var file = await _certificates.IssueAsync("ca", "/CN=laptop", extensions, days);

        Assert.Equal(Refused, await CurlAsync(Hostname, file));
        Assert.Contains(await LogAsync(), entry => entry.Reason?.Contains(reason, StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task A_certificate_of_any_other_authority_is_worth_nothing()
    {
        await AddAuthorityAsync("elsewhere", Neighbour);
        await _certificates.AuthorityAsync("stranger");

        Assert.Equal(Refused, await CurlAsync(Hostname, await _certificates.IssueAsync("elsewhere", "/CN=laptop")));
        Assert.Equal(Refused, await CurlAsync(Hostname, await _certificates.IssueAsync("stranger", "/CN=laptop")));
        Assert.Equal(Refused, await CurlAsync(Hostname, await SelfSignedAsync("laptop")));
        // The authority's name, with another key.
        File.Delete(_certificates.File("ca.pem"));
        await _certificates.AuthorityAsync("ca");
        Assert.Equal(Refused, await CurlAsync(Hostname, await _certificates.IssueAsync("ca", "/CN=laptop")));
    }

    [Fact]
    public async Task A_client_that_is_no_authority_signs_for_nobody()
    {
        await _certificates.IssueAsync("ca", "/CN=laptop", name: "middle");
        File.Copy(_certificates.File("middle.crt"), _certificates.File("middle.pem"));
        var leaf = await _certificates.IssueAsync("middle", "/CN=laptop", name: "leaf");
        await File.AppendAllTextAsync(leaf, await File.ReadAllTextAsync(_certificates.File("middle.pem")));

        Assert.Equal(Refused, await CurlAsync(Hostname, leaf));
    }

    [Fact]
    public async Task An_intermediate_that_comes_along_is_part_of_the_chain()
    {
        await _certificates.IssueAsync(
            "ca", "/CN=middle", "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign", name: "middle");
        File.Copy(_certificates.File("middle.crt"), _certificates.File("middle.pem"));
        var leaf = await _certificates.IssueAsync("middle", "/CN=laptop", name: "leaf");
        var chain = _certificates.File("chain.pem");
        await File.WriteAllTextAsync(chain,
            await File.ReadAllTextAsync(_certificates.File("leaf.crt")) + await File.ReadAllTextAsync(_certificates.File("middle.pem"))
            + await File.ReadAllTextAsync(_certificates.File("leaf.key")));

        Assert.Equal(LetIn, await CurlAsync(Hostname, chain));
        Assert.Equal(Refused, await CurlAsync(Hostname, leaf));
    }

    [Fact]
    public async Task Only_hostnames_that_have_an_authority_ask_for_a_certificate()
    {
        await _lab.ProtectAsync(Neighbour, EdgeLab.Policy(AccessDecision.NonIdentity, new CertificateRule()));
        await _lab.PublishAsync(Neighbour, "http_status:418", connections: 1);
        var file = await _certificates.IssueAsync("ca", "/CN=laptop");

        Assert.True(await IsAskedAsync(Hostname));
        Assert.False(await IsAskedAsync(Neighbour));
        Assert.False(await IsAskedAsync("tunnel.cloudflareaccess.test"));
        Assert.Equal(Refused, await CurlAsync(Neighbour, file));
    }

    [Fact]
    public async Task A_connection_made_for_one_hostname_opens_no_other()
    {
        // Both would let the certificate in, each on a connection of its own.
        await _lab.Api.Certificates.UpdateAsync(
            _lab.Edge.AccountId, _authority with { AssociatedHostnames = [Hostname, Neighbour] });
        await _lab.ProtectAsync(Neighbour, EdgeLab.Policy(AccessDecision.NonIdentity, new CertificateRule()));
        await _lab.PublishAsync(Neighbour, "http_status:418", connections: 1);
        var file = await _certificates.IssueAsync("ca", "/CN=laptop");

        // As a browser does that takes one connection for two names (RFC 9113, section 9.1.1).
        Assert.Equal(LetIn, await CurlAsync(Hostname, file, "--http2", "-H", "Host: " + Hostname));
        Assert.Equal("421", await CurlAsync(Hostname, file, "--http2", "-H", "Host: " + Neighbour));
        Assert.Equal("421", await CurlAsync(Hostname, file, "--http1.1", "-H", "Host: " + Neighbour));
        Assert.Equal(LetIn, await CurlAsync(Neighbour, file));
    }

    [Fact]
    public async Task An_authority_that_is_taken_away_counts_no_more_from_the_next_request_on_of_the_same_connection()
    {
        using var certificate = X509Certificate2.CreateFromPemFile(await _certificates.IssueAsync("ca", "/CN=laptop"));
        using var http = Http2(certificate);
        Assert.Equal((HttpStatusCode)418, await GetAsync(http));

        var removed = await Assert.ThrowsAsync<TunnelApiException>(
            () => _lab.Api.Certificates.DeleteAsync(_lab.Edge.AccountId, _authority.Id));
        await _lab.Api.Certificates.UpdateAsync(_lab.Edge.AccountId, _authority with { AssociatedHostnames = [] });

        Assert.Contains("has_active_associations", removed.Message, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, await GetAsync(http));
        await _lab.Api.Certificates.DeleteAsync(_lab.Edge.AccountId, _authority.Id);
        Assert.Empty(await _lab.Api.Certificates.ListAsync(_lab.Edge.AccountId).ToListAsync());
    }

    [Fact]
    public async Task A_stream_ends_with_the_authority_that_opened_it()
    {
        const string echo = "echo.example.test";
        await using var origin = new OriginListener();
        await _lab.Api.Certificates.UpdateAsync(_lab.Edge.AccountId, _authority with { AssociatedHostnames = [echo] });
        await _lab.ProtectAsync(echo, EdgeLab.Policy(AccessDecision.NonIdentity, new CertificateRule()));
        await _lab.PublishAsync(echo, origin.Url, connections: 1);
        using var certificate = X509Certificate2.CreateFromPemFile(await _certificates.IssueAsync("ca", "/CN=laptop"));
        await using var stream = await ConnectAsync(echo, certificate, CancellationToken.None);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"GET / HTTP/1.1\r\nHost: {echo}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" +
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"));
        var buffer = new byte[4096];
        Assert.StartsWith("HTTP/1.1 101", Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer)), StringComparison.Ordinal);

        await _lab.Api.Certificates.UpdateAsync(_lab.Edge.AccountId, _authority with { AssociatedHostnames = [] });

        using var limit = new CancellationTokenSource(Eventually.Limit);
        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            while (await stream.ReadAsync(buffer, limit.Token) > 0)
            {
            }

            throw new IOException("closed");
        });
    }

    [Fact]
    public async Task A_person_may_have_to_show_a_certificate_as_well()
    {
        const string both = "both.example.test";
        await _lab.Api.Certificates.UpdateAsync(
            _lab.Edge.AccountId, _authority with { AssociatedHostnames = [Hostname, both] });
        await _lab.ProtectAsync(both, EdgeLab.Policy(AccessDecision.Allow, new EmailDomainRule("example.com")) with
        {
            Require = [new CertificateRule()],
        });
        await _lab.PublishAsync(both, "http_status:418", connections: 1);
        using var certificate = X509Certificate2.CreateFromPemFile(await _certificates.IssueAsync("ca", "/CN=laptop"));
        using var browser = new PersonBrowser(_lab, certificate: certificate);
        var token = await browser.SignInAsync(both, "alice@example.com");

        Assert.Equal(LetIn, await CurlAsync(both, _certificates.File("client.both.pem"), "-H", "Cf-Access-Token: " + token));
        Assert.Equal(Refused, await CurlAsync(both, null, "-H", "Cf-Access-Token: " + token));
        using var without = new PersonBrowser(_lab);
        var login = await without.GetAsync($"https://{both}/");
        Assert.Equal(403, login.Status); // no sign-in could help
    }

    private async Task<AccessCertificate> AddAuthorityAsync(string name, params string[] hostnames) =>
        await _lab.Api.Certificates.CreateAsync(_lab.Edge.AccountId, new AccessCertificate
        {
            Name = name, Certificate = await _certificates.AuthorityAsync(name), AssociatedHostnames = hostnames,
        });

    private async Task<string> SelfSignedAsync(string name)
    {
        var both = _certificates.File(name + ".both.pem");
        await File.WriteAllTextAsync(
            both, await _certificates.AuthorityAsync(name) + await File.ReadAllTextAsync(_certificates.File(name + ".key")));
        return both;
    }

    private Task<IReadOnlyList<AccessLogEntry>> LogAsync() =>
        _lab.Api.AccessLog.GetAsync(_lab.Edge.AccountId, new AccessLogFilter(), limit: 50);

    private async Task<string> CurlAsync(string hostname, string? certificate, params string[] more)
    {
        var port = _lab.Edge.PublicEndPoint.Port;
        string[] shown = certificate is null ? [] : ["--cert", certificate];
        var result = await ProcessResult.RunAsync("curl", [
            "-sS", "-o", "/dev/null", "-w", "%{http_code}", "--cacert", _lab.Edge.CertificateAuthorityFile, "--max-time", "30",
            "--resolve", $"{hostname}:{port}:127.0.0.1", .. shown, .. more, $"https://{hostname}:{port}/"]);
        Assert.True(result.ExitCode == 0, result.Error);
        return result.Output;
    }

    private async Task<bool> IsAskedAsync(string hostname)
    {
        var isAsked = false;
        var options = _lab.Trusting(hostname);
        options.LocalCertificateSelectionCallback = (_, _, _, remote, _) =>
        {
            isAsked |= remote is not null;
            return null!;
        };
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(_lab.Edge.PublicEndPoint);
        await using var tls = new SslStream(new NetworkStream(socket));
        await tls.AuthenticateAsClientAsync(options);
        return isAsked;
    }

    private async Task<SslStream> ConnectAsync(string hostname, X509Certificate2 certificate, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(_lab.Edge.PublicEndPoint, cancellationToken);
        var tls = new SslStream(new NetworkStream(socket, ownsSocket: true));
        var options = _lab.Trusting(hostname);
        options.ClientCertificates = [certificate];
        await tls.AuthenticateAsClientAsync(options, cancellationToken);
        return tls;
    }

    /// <summary>A client with one HTTP/2 connection.</summary>
    private HttpClient Http2(X509Certificate2 certificate)
    {
        var options = _lab.Trusting(null);
        options.ClientCertificates = [certificate];
        return new HttpClient(new SocketsHttpHandler
        {
            UseCookies = false,
            SslOptions = options,
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(_lab.Edge.PublicEndPoint, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });
    }

    private static async Task<HttpStatusCode> GetAsync(HttpClient http)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"https://{Hostname}/")
        {
            Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var response = await http.SendAsync(request);
        return response.StatusCode;
    }
}
