using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests.Adversary;

/// <summary>HTTP/2 in frames of the test's own: what a client library would refuse to send.</summary>
public sealed class Http2Tests(AdversaryLab lab) : IClassFixture<AdversaryLab>
{
    private const string Host = AdversaryLab.Hostname;
    private const string Open = AdversaryLab.Open;

    [Fact]
    public async Task With_the_token_an_extended_CONNECT_reaches_the_service()
    {
        var before = lab.Origin.Connections;
        var token = await lab.MachineTokenAsync(Host, lab.Machine);

        Assert.Equal(200, await ConnectAsync(Host, Host, ("cf-access-token", token)));
        await Eventually.True(() => lab.Origin.Connections == before + 1, "the service is reached");
        Assert.Equal(200, await ConnectAsync(Open, Open));
    }

    [Fact]
    public async Task Without_it_it_does_not() => await AssertRefused(() => ConnectAsync(Host, Host));

    /// <summary>The name in TLS, the authority, and a further header.</summary>
    [Theory]
    [InlineData(Host, "SSH.EXAMPLE.TEST", null, null)]
    [InlineData(Host, "ssh.example.test.", null, null)]
    [InlineData(Host, "ssh.example.test:443", null, null)]
    [InlineData(Host, "ssh.example.test:22", null, null)]
    [InlineData(Host, "open.example.test@ssh.example.test", null, null)]
    [InlineData(Host, "ssh.example.test@open.example.test", null, null)]
    [InlineData(Host, Open, "host", Host)]
    [InlineData(Host, Host, "host", Open)]
    [InlineData(Open, Host, null, null)]
    [InlineData(Open, Host, "host", Open)]
    [InlineData(Open, "", "host", Host)]
    [InlineData(Host, "", null, null)]
    [InlineData(Host, Host, ":authority", Open)]
    [InlineData(Host, Host, ":path", "/")]
    [InlineData(Host, Host, ":unknown", "1")]
    [InlineData(Host, Host, "Cf-Access-Token", "x")]
    [InlineData(Host, Host, ":method", "GET")]
    [InlineData(Host, Host, ":scheme", "http")]
    [InlineData(Host, Host, ":protocol", "websocket")]
    [InlineData(Host, Host, ":status", "200")]
    [InlineData(Host, Host, ":Authority", Open)]
    [InlineData(Host, Host, "connection", "upgrade")]
    [InlineData(Host, Host, "connection", "close, cf-access-jwt-assertion")]
    [InlineData(Host, Host, "keep-alive", "1")]
    [InlineData(Host, Host, "proxy-connection", "keep-alive")]
    [InlineData(Host, Host, "HOST", Open)]
    [InlineData(Host, Host, "x", "y\ncf-access-token: z")]
    [InlineData(Host, Host, "x", "y\rz")]
    [InlineData(Host, Host, "x", "y\0z")]
    [InlineData(Host, Host, "x:y", "1")]
    [InlineData(Host, Host, "content-length", "-1")]
    [InlineData(Host, "ssh.example.test, open.example.test", null, null)]
    [InlineData(Host, "ssh.example.test/", null, null)]
    [InlineData(Host, "https://ssh.example.test", null, null)]
    [InlineData(Host, Host, "upgrade", "websocket")]
    [InlineData(Host, Host, "transfer-encoding", "chunked")]
    [InlineData(Host, Host, "te", "gzip")]
    [InlineData(Host, Host, "x\r\ncf-access-token", "x")]
    [InlineData(Host, Host, "x", "y\r\nhost: open.example.test")]
    [InlineData(Host, Host, "x y", "1")]
    [InlineData(Host, Host, "", "1")]
    [InlineData(Host, Host, "cf-access-jwt-assertion", "x")]
    [InlineData(Host, Host, "cf-cloudflared-proxy-src", "127.0.0.1:22")]
    [InlineData(Host, Host, "cf-cloudflared-proxy-connection-upgrade", "update-configuration")]
    public async Task No_header_goes_around_an_application(string serverName, string authority, string? name, string? value) =>
        await AssertRefused(() => name is null ? ConnectAsync(serverName, authority) : ConnectAsync(serverName, authority, (name, value!)));

    [Theory]
    [InlineData("CONNECT", "", "", "")]
    [InlineData("CONNECT", "connect-udp", "https", "/")]
    [InlineData("CONNECT", "websocket", "https", "*")]
    [InlineData("CONNECT", "websocket", "https", "")]
    [InlineData("CONNECT", "websocket", "https", "https://open.example.test/")]
    [InlineData("CONNECT", "websocket", "https", "open.example.test")]
    [InlineData("CONNECT", "websocket", "http", "/")]
    [InlineData("CONNECT", "websocket", "javascript", "/")]
    [InlineData("CONNECT", "WebSocket", "https", "/")]
    [InlineData("GET", "websocket", "https", "/")]
    [InlineData("POST", "websocket", "https", "/")]
    [InlineData("TRACE", "", "https", "/")]
    [InlineData("OPTIONS", "", "https", "*")]
    [InlineData("GE T", "", "https", "/")]
    [InlineData("", "", "https", "/")]
    public async Task No_form_of_request_goes_around_an_application(string method, string protocol, string scheme, string path)
    {
        var headers = new List<(string, string)> { (":method", method) };
        headers.AddRange(protocol.Length > 0 ? [(":protocol", protocol)] : []);
        headers.AddRange(scheme.Length > 0 ? [(":scheme", scheme), (":path", path)] : []);
        headers.Add((":authority", method == "CONNECT" && protocol.Length == 0 ? Host + ":22" : Host));

        await AssertRefused(() => RawHttp2Visitor.SendAsync(lab.Lab, Host, false, [.. headers]));
    }

    [Fact]
    public async Task Pseudo_headers_after_others_are_none()
    {
        var token = await lab.MachineTokenAsync(Host, lab.Machine);

        await AssertRefused(() => RawHttp2Visitor.SendAsync(lab.Lab, Host, false,
            (":method", "CONNECT"), (":protocol", "websocket"), (":scheme", "https"), ("cf-access-token", token), (":path", "/"), (":authority", Host)));
    }

    [Fact]
    public async Task A_cookie_in_crumbs_is_one_header_and_a_name_is_not_put_together_from_two()
    {
        var token = await lab.MachineTokenAsync(Host, lab.Machine);
        var before = lab.Origin.Connections;

        Assert.Equal(200, await ConnectAsync(Host, Host, ("cookie", "a=b"), ("cookie", "CF_Authorization=" + token)));
        await Eventually.True(() => lab.Origin.Connections == before + 1, "the service is reached");
        await AssertRefused(() => ConnectAsync(Host, Host, ("cookie", "CF_Auth"), ("cookie", "orization=" + token)));
    }

    [Theory]
    [InlineData("/admin")]
    [InlineData("//admin")]
    [InlineData("/%61dmin")]
    [InlineData("/x/..%2fadmin")]
    [InlineData("/x/..;/admin")]
    [InlineData("/admin;x")]
    [InlineData("/x\\..\\admin")]
    [InlineData("/admin%2500")]
    public async Task No_spelling_of_a_path_goes_around_the_stricter_application_below_it(string path) => await AssertRefused(
        () => RawHttp2Visitor.SendAsync(lab.Lab, AdversaryLab.Paths, false,
            (":method", "CONNECT"), (":protocol", "websocket"), (":scheme", "https"), (":path", path), (":authority", AdversaryLab.Paths),
            ("sec-websocket-version", "13")));

    private Task<int> ConnectAsync(string serverName, string authority, params (string Name, string Value)[] more) => RawHttp2Visitor.SendAsync(
        lab.Lab, serverName, false,
        [(":method", "CONNECT"), (":protocol", "websocket"), (":scheme", "https"), (":path", "/"), (":authority", authority),
            ("sec-websocket-version", "13"), .. more]);

    private async Task AssertRefused(Func<Task<int>> attack)
    {
        var status = await lab.AssertUnseen(attack);
        Assert.True(status == 0 || status is >= 300 and < 600, $"The answer is {status}.");
    }
}
