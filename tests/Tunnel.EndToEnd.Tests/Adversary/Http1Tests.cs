using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests.Adversary;

/// <summary>HTTP/1.1 as no library sends it: hosts, targets, framing and headers that two parsers may read in two ways.</summary>
public sealed class Http1Tests(AdversaryLab lab) : IClassFixture<AdversaryLab>
{
    private const string Host = AdversaryLab.Hostname;
    private const string Open = AdversaryLab.Open;
    private const string Get = "GET / HTTP/1.1\r\n";
    private const string U = RawVisitor.Upgrade;

    [Fact]
    public async Task With_the_token_the_same_bytes_reach_the_service()
    {
        var before = lab.Origin.Connections;
        var token = await lab.MachineTokenAsync(Host, lab.Machine);

        Assert.Equal(101, await RawVisitor.SendAsync(lab.Lab, Host, $"{Get}Host: {Host}\r\nCf-Access-Token: {token}\r\n{U}\r\n"));
        await Eventually.True(() => lab.Origin.Connections == before + 1, "the service is reached");
        Assert.Equal(101, await RawVisitor.SendAsync(lab.Lab, Open, $"{Get}Host: {Open}\r\n{U}\r\n"));
        Assert.Equal(101, await RawVisitor.SendAsync(lab.Lab, AdversaryLab.Paths, $"{Get}Host: {AdversaryLab.Paths}\r\n{U}\r\n"));
    }

    /// <summary>The name in TLS, the target and the Host lines; in most, one of them is a name that nothing protects.</summary>
    [Theory]
    [InlineData(Host, "/", "Host: ssh.example.test.")]
    [InlineData(Host, "/", "Host: ssh.example.test..")]
    [InlineData(Host, "/", "Host: SSH.Example.TEST")]
    [InlineData(Host, "/", "Host: ssh.example.test:443")]
    [InlineData(Host, "/", "Host: ssh.example.test:8443")]
    [InlineData(Host, "/", "Host: ssh.example.test:99999")]
    [InlineData(Host, "/", "Host: ssh.example.test:")]
    [InlineData(Host, "/", "Host: ssh.example.test:443@open.example.test")]
    [InlineData(Host, "/", "Host: open.example.test@ssh.example.test")]
    [InlineData(Host, "/", "Host: user:pass@ssh.example.test")]
    [InlineData(Host, "/", "Host: ssh.example.test/")]
    [InlineData(Host, "/", "Host: ssh.example.test#open.example.test")]
    [InlineData(Host, "/", "Host: ssh.example.test?open.example.test")]
    [InlineData(Host, "/", "Host: ssh%2eexample.test")]
    [InlineData(Host, "/", "Host: ssh.example.test,open.example.test")]
    [InlineData(Host, "/", "Host: ssh.example.test open.example.test")]
    [InlineData(Host, "/", "Host: ssh.example.test\0.open.example.test")]
    [InlineData(Host, "/", "Host: \uff53sh.example.test")]
    [InlineData(Host, "/", "Host: [::1]")]
    [InlineData(Host, "/", "Host: 127.0.0.1")]
    [InlineData(Host, "/", "Host:")]
    [InlineData(Host, "/", "X-No-Host: 1")]
    [InlineData(Host, "/", "Host: ssh.example.test\r\nHost: open.example.test")]
    [InlineData(Host, "/", "Host: open.example.test\r\nHost: ssh.example.test")]
    [InlineData(Host, "/", "Host: ssh.example.test\r\nHost: ssh.example.test")]
    [InlineData(Host, "/", "Host: ssh.example.test\r\n Host: open.example.test")]
    [InlineData(Host, "/", "Host: ssh.example.test\r\nX-Forwarded-Host: open.example.test")]
    [InlineData(Host, "/", "Host: ssh.example.test\r\nForwarded: host=open.example.test")]
    [InlineData(Host, "/", "Host: ssh.example.test\r\nX-Host: open.example.test\r\nX-Original-Host: open.example.test")]
    [InlineData(Host, "/", "Host: ssh.example.test\r\nX-Original-URL: /cdn-cgi/access/certs\r\nX-Rewrite-URL: /cdn-cgi/access/certs")]
    [InlineData(Open, "/", "Host: ssh.example.test")]
    [InlineData(Open, "/", "Host: open.example.test\r\nHost: ssh.example.test")]
    [InlineData(Open, "https://ssh.example.test/", "Host: open.example.test")]
    [InlineData(Open, "https://ssh.example.test/", "Host: ssh.example.test")]
    [InlineData(Open, "https://open.example.test@ssh.example.test/", "Host: ssh.example.test")]
    [InlineData(Host, "https://open.example.test/", "Host: ssh.example.test")]
    [InlineData(Host, "https://ssh.example.test:443/", "Host: ssh.example.test")]
    [InlineData(Host, "HTTPS://SSH.EXAMPLE.TEST/", "Host: ssh.example.test")]
    [InlineData(Host, "http://ssh.example.test/", "Host: ssh.example.test")]
    [InlineData(Host, "//open.example.test/", "Host: ssh.example.test")]
    [InlineData(null, "/", "Host: ssh.example.test")]
    [InlineData(null, "https://ssh.example.test/", "Host: open.example.test")]
    [InlineData(null, "https://ssh.example.test/", "Host:")]
    public async Task No_spelling_of_a_host_goes_around_its_application(string? serverName, string target, string hosts) =>
        AssertRefused(await lab.AssertUnseen(() =>
            RawVisitor.SendAsync(lab.Lab, serverName, $"GET {target} HTTP/1.1\r\n{hosts}\r\n{U}\r\n")));

    [Theory]
    [InlineData("GET  / HTTP/1.1")]
    [InlineData("get / HTTP/1.1")]
    [InlineData("GET\t/\tHTTP/1.1")]
    [InlineData("GET / HTTP/1.0")]
    [InlineData("GET / HTTP/2.0")]
    [InlineData("GET / HTTP/1.2")]
    [InlineData("GET /")]
    [InlineData("GET * HTTP/1.1")]
    [InlineData("GET ssh.example.test:443 HTTP/1.1")]
    [InlineData("GET ? HTTP/1.1")]
    [InlineData("GET /cdn-cgi/access/../../ HTTP/1.1")]
    [InlineData("GET /cdn-cgi/access/%2e%2e/%2e%2e/ HTTP/1.1")]
    [InlineData("GET /cdn-cgi/access/certs/../../../ HTTP/1.1")]
    [InlineData("GET /cdn-cgi/access/..%2f..%2f HTTP/1.1")]
    [InlineData("GET /cdn-cgi/access/authorized?code=0 HTTP/1.1")]
    [InlineData("HEAD / HTTP/1.1")]
    [InlineData("OPTIONS / HTTP/1.1")]
    [InlineData("TRACE / HTTP/1.1")]
    [InlineData("PROPFIND / HTTP/1.1")]
    [InlineData("PRI * HTTP/2.0")]
    [InlineData("CONNECT ssh.example.test:22 HTTP/1.1")]
    [InlineData("CONNECT localhost:22 HTTP/1.1")]
    [InlineData("G\0ET / HTTP/1.1")]
    [InlineData("GET /%00 HTTP/1.1")]
    [InlineData("GET /\0 HTTP/1.1")]
    [InlineData("GET / HTTP/1.1\r\nGET / HTTP/1.1")]
    public async Task No_request_line_goes_around_an_application(string line) =>
        AssertRefused(await lab.AssertUnseen(() => RawVisitor.SendAsync(lab.Lab, Host, $"{line}\r\nHost: {Host}\r\n{U}\r\n")));

    /// <summary>Each hides a second request in a first that the unprotected hostname takes.</summary>
    [Theory]
    [InlineData("Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n")]
    [InlineData("Content-Length: 0\r\nContent-Length: 400\r\n\r\n")]
    [InlineData("Content-Length: 0, 400\r\n\r\n")]
    [InlineData("Content-Length: +0\r\n\r\n")]
    [InlineData("Content-Length: 0x0\r\n\r\n")]
    [InlineData("Content-Length: -1\r\n\r\n")]
    [InlineData("Content-Length : 400\r\n\r\n")]
    [InlineData("Content_Length: 400\r\n\r\n")]
    [InlineData("Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding:\u000bchunked\r\n\r\n0\r\n\r\n")]
    [InlineData("X: y\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n0;x=\n\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n0\r\nHost: ssh.example.test\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nffffffffffffffff0\r\n\r\n")]
    [InlineData("X: y\n\n")]
    [InlineData("X: y\r\r\n\r\n")]
    [InlineData("Expect: 100-continue\r\nContent-Length: 400\r\n\r\n")]
    [InlineData("Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\nConnection: Upgrade, HTTP2-Settings\r\n\r\n")]
    public async Task A_request_hidden_in_anothers_body_is_decided_by_itself_or_not_read(string head)
    {
        var answers = await lab.AssertUnseen(() => RawVisitor.ReadAsync(
            lab.Lab, null, $"POST / HTTP/1.1\r\nHost: {Open}\r\n{head}GET / HTTP/1.1\r\nHost: {Host}\r\n{U}\r\n"));

        Assert.DoesNotContain(" 101 ", answers, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Cf-Access-Token : {0}")]
    [InlineData(" Cf-Access-Token: {0}")]
    [InlineData("X: 1\r\n Cf-Access-Token: {0}")]
    [InlineData("Cf_Access_Token: {0}")]
    [InlineData("Cf-Access-Jwt-Assertion: {0}")]
    [InlineData("Cf_Access_Jwt_Assertion: {0}")]
    [InlineData("Cf-Access-Token: {0}\r\nCf-Access-Token: {0}")]
    [InlineData("Cf-Access-Token: {0}\r\nCf-Access-Token: x")]
    [InlineData("Cf-Access-Token: x\r\nCookie: CF_Authorization={0}")]
    [InlineData("Cf-Access-Token: {0}, {0}")]
    [InlineData("Cf-Access-Token: {0} ;x")]
    [InlineData("Cf-Access-Token: Bearer {0}")]
    [InlineData("Authorization: Bearer {0}")]
    [InlineData("Cookie: cf_authorization={0}")]
    [InlineData("Cookie: CF_AppSession={0}")]
    [InlineData("Cookie: CF%5FAuthorization={0}")]
    [InlineData("Cookie: $Version=1; \"CF_Authorization\"={0}")]
    public async Task A_good_token_in_a_place_that_can_be_read_in_two_ways_opens_nothing(string header)
    {
        var token = await lab.MachineTokenAsync(Host, lab.Machine);

        AssertRefused(await lab.AssertUnseen(() => RawVisitor.SendAsync(lab.Lab, Host, string.Format(
            System.Globalization.CultureInfo.InvariantCulture, $"{Get}Host: {Host}\r\n{header}\r\n{U}\r\n", token))));
    }

    [Theory]
    [InlineData("X-Forwarded-For: 192.0.2.1")]
    [InlineData("X-Forwarded-For: 192.0.2.1, 192.0.2.1")]
    [InlineData("X_Forwarded_For: 192.0.2.1")]
    [InlineData("Forwarded: for=192.0.2.1")]
    [InlineData("Cf-Connecting-IP: 192.0.2.1")]
    [InlineData("CF_CONNECTING_IP: 192.0.2.1")]
    [InlineData("Cf-Connecting-IPv6: 192.0.2.1")]
    [InlineData("Cf-Pseudo-IPv4: 192.0.2.1")]
    [InlineData("True-Client-IP: 192.0.2.1")]
    [InlineData("X-Real-IP: 192.0.2.1")]
    [InlineData("Client-IP: 192.0.2.1")]
    [InlineData("Cf-IPCountry: NZ")]
    [InlineData("Cf-Worker: open.example.test")]
    [InlineData("Cf-Access-Authenticated-User-Email: alice@example.com")]
    [InlineData("X-Original-Forwarded-For: 192.0.2.1\r\nConnection: X-Forwarded-For, Upgrade")]
    public async Task What_a_visitor_says_of_its_address_counts_for_nothing(string header) =>
        AssertRefused(await lab.AssertUnseen(() => RawVisitor.SendAsync(
            lab.Lab, AdversaryLab.Office, $"{Get}Host: {AdversaryLab.Office}\r\n{header}\r\n{U}\r\n")));

    /// <summary>The hostname lets everybody in, the path below it only who has a token.</summary>
    [Theory]
    [InlineData("/admin")]
    [InlineData("/admin/")]
    [InlineData("//admin")]
    [InlineData("/./admin")]
    [InlineData("/ADMIN")]
    [InlineData("/%61dmin")]
    [InlineData("/%2561dmin")]
    [InlineData("/%25252561dmin")]
    [InlineData("/%2fadmin")]
    [InlineData("/%5cadmin")]
    [InlineData("/\\admin")]
    [InlineData("/x/../admin")]
    [InlineData("/x/%2e%2e/admin")]
    [InlineData("/x/.%2e/admin")]
    [InlineData("/x/%252e%252e/admin")]
    [InlineData("/x/..%2fadmin")]
    [InlineData("/x/..%252fadmin")]
    [InlineData("/x/..%5cadmin")]
    [InlineData("/x/..;/admin")]
    [InlineData("/x/..;a=b/admin")]
    [InlineData("/x/%2e%2e;/admin")]
    [InlineData("/x/..%3b/admin")]
    [InlineData("/.;/admin")]
    [InlineData("/;x/admin")]
    [InlineData("/admin;x")]
    [InlineData("/admin;x/y")]
    [InlineData("/admin%3bx")]
    [InlineData("/admin.")]
    [InlineData("/admin./x")]
    [InlineData("/admin%20")]
    [InlineData("/admin%2500")]
    [InlineData("/admin%2500.png")]
    [InlineData("/admin?x")]
    [InlineData("/admin#x")]
    [InlineData("/admin/..%2fadmin")]
    [InlineData("/admin%23x")]
    [InlineData("/admin%3fx")]
    [InlineData("/cdn-cgi/access/../../admin")]
    [InlineData("https://app.example.test/admin")]
    [InlineData("https://app.example.test//admin")]
    [InlineData("https://app.example.test/x/..%2fadmin")]
    public async Task No_spelling_of_a_path_goes_around_the_stricter_application_below_it(string target) =>
        AssertRefused(await lab.AssertUnseen(() => RawVisitor.SendAsync(
            lab.Lab, AdversaryLab.Paths, $"GET {target} HTTP/1.1\r\nHost: {AdversaryLab.Paths}\r\n{U}\r\n")));

    [Theory]
    [InlineData("GET", "h2c")]
    [InlineData("GET", "websocket, h2c")]
    [InlineData("GET", "WebSocket/13")]
    [InlineData("POST", "websocket")]
    [InlineData("GET", "TLS/1.0")]
    [InlineData("GET", "connect-udp")]
    public async Task No_other_upgrade_reaches_a_service_even_with_the_token(string method, string upgrade)
    {
        var token = await lab.MachineTokenAsync(Host, lab.Machine);

        AssertRefused(await lab.AssertUnseen(() => RawVisitor.SendAsync(lab.Lab, Host,
            $"{method} / HTTP/1.1\r\nHost: {Host}\r\nCf-Access-Token: {token}\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: {upgrade}\r\n" +
            "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\nContent-Length: 0\r\n\r\n")));
    }

    private static void AssertRefused(int status) => Assert.True(status == 0 || status is >= 300 and < 600, $"The answer is {status}.");
}
