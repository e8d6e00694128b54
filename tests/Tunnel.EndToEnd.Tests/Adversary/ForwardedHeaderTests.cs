using System.Globalization;
using System.Text;
using Tunnel.Access;
using Tunnel.Core.Api;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests.Adversary;

/// <summary>
/// What an HTTP service behind the tunnel is told: of who asks, what the edge says and nothing of what the visitor said in
/// its place; and never a request that was hidden in another.
/// </summary>
public sealed class ForwardedHeaderTests(ForwardedHeaderTests.WebService web) : IClassFixture<ForwardedHeaderTests.WebService>, IAsyncLifetime
{
    private const string Host = "web.example.test";
    private const string Open = "open.example.test";

    /// <summary>All of these say "forged" in a name that is the edge's, or that an origin may take for one.</summary>
    private static readonly string[] s_forged =
    [
        "Cf-Access-Jwt-Assertion", "CF-ACCESS-JWT-ASSERTION", "Cf_Access_Jwt_Assertion", "Cf-Access_Jwt-Assertion",
        "Cf-Access-Authenticated-User-Email", "Cf_Access_Authenticated_User_Email", "Cf-Access-User", "Cf-Access-Anything",
        "Cf-Connecting-IP", "Cf-Connecting-IPv6", "Cf-Ray", "Cf-Visitor", "Cf-IPCountry", "Cf-Worker",
        "Cf-Cloudflared-Proxy-Src", "Cf-Cloudflared-Request-Headers", "Cf-Cloudflared-Response-Meta", "Cf-Warp-Tag-Id",
        "X-Forwarded-For", "X_Forwarded_For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "True-Client-IP", "Forwarded",
    ];

    private EdgeLab Lab => web.Lab;

    private RecordingOrigin Origin => web.Origin;

    public async ValueTask InitializeAsync()
    {
        Cloudflared.SkipUnlessInstalled(); // our own connector carries no HTTP
        await web.StartAsync();
        Origin.Requests.Clear();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData(Host, false)]
    [InlineData(Host, true)]
    [InlineData(Open, false)]
    [InlineData(Open, true)]
    public async Task What_a_visitor_says_in_the_edges_names_never_reaches_the_service(string host, bool isHttp2)
    {
        var proof = host == Open ? [] : new[] { ("cf-access-client-id", web.Machine.ClientId!), ("cf-access-client-secret", web.Machine.ClientSecret!) };
        var forged = s_forged.Select(n => (Name: n, Value: "forged")).ToArray();

        Assert.Equal(200, await SendAsync(host, isHttp2, [("x-kept", "1"), .. forged, .. forged, .. proof]));

        var seen = Assert.Single(Origin.Requests);
        Assert.Equal(["1"], seen.Values("X-Kept"));
        Assert.DoesNotContain(seen.Headers, h => h.Value.Contains("forged", StringComparison.Ordinal));
        Assert.DoesNotContain(seen.Headers, h => h.Value.Contains(web.Machine.ClientSecret!, StringComparison.Ordinal));
        Assert.Equal(["127.0.0.1"], seen.Values("Cf-Connecting-Ip"));
        Assert.Equal(host == Open ? 0 : 1, seen.Values("Cf-Access-Jwt-Assertion").Count());
        Assert.Empty(seen.Values("Cf-Access-Authenticated-User-Email"));
    }

    [Fact]
    public async Task The_service_is_told_the_person_by_the_edge_alone()
    {
        using var person = new PersonBrowser(Lab);
        var token = await person.SignInAsync(Host, "alice@example.com");

        Assert.Equal(200, await SendAsync(Host, isHttp2: false,
        [
            ("Cf-Access-Authenticated-User-Email", "root@example.com"), ("Cf-Access-Jwt-Assertion", "forged"), ("Cookie", "CF_Authorization=" + token),
        ]));

        var seen = Assert.Single(Origin.Requests);
        Assert.Equal(["alice@example.com"], seen.Values("Cf-Access-Authenticated-User-Email"));
        Assert.Equal([token], seen.Values("Cf-Access-Jwt-Assertion"));
    }

    /// <summary>"Connection: name" takes a header off at the next hop (RFC 9110, section 7.6.1): never one of the edge's.</summary>
    [Theory]
    [InlineData("Cf-Access-Jwt-Assertion")]
    [InlineData("close, Cf-Connecting-Ip, Cf-Access-Jwt-Assertion, X-Forwarded-For")]
    public async Task What_the_edge_says_is_not_taken_off_on_the_way(string connection)
    {
        Assert.Equal(200, await SendAsync(Host, isHttp2: false,
        [
            ("Connection", connection), ("Cf-Access-Client-Id", web.Machine.ClientId!), ("Cf-Access-Client-Secret", web.Machine.ClientSecret!),
        ]));

        var seen = Assert.Single(Origin.Requests);
        Assert.Single(seen.Values("Cf-Access-Jwt-Assertion"));
        Assert.Equal(["127.0.0.1"], seen.Values("Cf-Connecting-Ip"));
        Assert.Equal(["127.0.0.1"], seen.Values("X-Forwarded-For"));
    }

    /// <summary>Each hides a second request in the first one's body, head or trailers.</summary>
    [Theory]
    [InlineData("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{0}")]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 400\r\n\r\n0\r\n\r\n{0}")]
    [InlineData("Content-Length: 0\r\nContent-Length: 400\r\n\r\n{0}")]
    [InlineData("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n{0}")]
    [InlineData("Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n{0}")]
    [InlineData("Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n{0}")]
    [InlineData("Transfer_Encoding: chunked\r\nContent-Length: 400\r\n\r\n0\r\n\r\n{0}")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n1\r\nx\n0\r\n\r\n{0}")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5;a=\"\r\n0\r\n\r\n\"\r\nhello\r\n0\r\n\r\n{0}")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n0\r\nCf-Access-Jwt-Assertion: forged\r\nContent-Length: 400\r\nHost: web.example.test\r\n\r\n")]
    [InlineData("X: a\nCf-Access-Jwt-Assertion: forged\r\n\r\n")]
    [InlineData("X: a\rCf-Access-Jwt-Assertion: forged\r\n\r\n")]
    [InlineData("X: a\r\n\tCf-Access-Jwt-Assertion: forged\r\n\r\n")]
    [InlineData("X: a\u0085Cf-Access-Jwt-Assertion: forged\r\n\r\n")]
    [InlineData("X\0: a\r\nCf-Access-Jwt-Assertion\0: forged\r\n\r\n")]
    [InlineData("Cf-Access-Jwt-Assertion: x\r\n forged\r\n\r\n")]
    [InlineData("\r\nCf-Access-Jwt-Assertion: forged\r\n\r\n{0}")]
    [InlineData("Expect: 100-continue\r\nContent-Length: 4\r\n\r\nabcd{0}")]
    [InlineData("Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n{0}")]
    public async Task Nothing_hidden_in_a_request_becomes_one_or_a_header(string rest)
    {
        const string hidden = $"GET /smuggled HTTP/1.1\r\nHost: {Host}\r\nCf-Access-Jwt-Assertion: forged\r\n\r\n";

        var answer = await RawVisitor.ReadAsync(
            Lab, null, $"POST /first HTTP/1.1\r\nHost: {Open}\r\n{string.Format(CultureInfo.InvariantCulture, rest, hidden)}");

        // The connection's own second request is decided by itself: it needs a token.
        Assert.True(Origin.Requests.Count <= 1, $"{Origin.Requests.Count} requests for: {answer}");
        foreach (var seen in Origin.Requests)
        {
            Assert.Equal("POST /first", seen.Line);
            Assert.DoesNotContain(seen.Headers, h => h.Value.Contains("forged", StringComparison.Ordinal) || h.Name.Contains("Jwt", StringComparison.OrdinalIgnoreCase));
            Assert.Equal([Open], seen.Values("Host"));
        }
    }

    /// <summary>HTTP/2 tells a body's length by its frames: a content-length that says otherwise must not cut it in two (RFC 9113, section 8.1.1).</summary>
    [Theory]
    [InlineData("0")]
    [InlineData("5")]
    [InlineData("+1")]
    [InlineData(null)]
    public async Task A_body_over_HTTP2_stays_a_body(string? length)
    {
        const string hidden = $"0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: {Host}\r\n\r\n";
        (string, string)[] headers =
        [
            (":method", "POST"), (":scheme", "https"), (":path", "/first"), (":authority", Open), .. length is null ? [] : new[] { ("content-length", length) },
        ];

        await RawHttp2Visitor.SendAsync(Lab, Open, Encoding.ASCII.GetBytes(hidden), headers);

        Assert.True(Origin.Requests.Count <= 1);
        foreach (var seen in Origin.Requests)
        {
            Assert.Equal(("POST /first", hidden), (seen.Line, seen.Body));
        }
    }

    private Task<int> SendAsync(string host, bool isHttp2, IReadOnlyList<(string Name, string Value)> headers) => isHttp2
        ? RawHttp2Visitor.SendAsync(Lab, host, true,
        [
            (":method", "GET"), (":scheme", "https"), (":path", "/"), (":authority", host),
            .. headers.Select(h => (h.Name.ToLowerInvariant(), h.Value)),
        ])
        : RawVisitor.SendAsync(Lab, host,
            $"GET / HTTP/1.1\r\nHost: {host}\r\n{string.Concat(headers.Select(h => $"{h.Name}: {h.Value}\r\n"))}\r\n");

    /// <summary>An HTTP service behind cloudflared's connector, under one hostname that asks and one that nothing protects.</summary>
    public sealed class WebService : IAsyncLifetime
    {
        private readonly TemporaryDirectory _directory = new();
        private RunningProgram? _connector;

        public EdgeLab Lab { get; private set; } = null!;

        public ServiceToken Machine { get; private set; } = null!;

        internal RecordingOrigin Origin { get; private set; } = null!;

        public ValueTask InitializeAsync() => ValueTask.CompletedTask;

        public async Task StartAsync()
        {
            if (_connector is not null)
            {
                return;
            }

            Origin = await RecordingOrigin.StartAsync();
            Lab = await EdgeLab.StartAsync();
            Machine = await Lab.Api.ServiceTokens.CreateAsync(Lab.Edge.AccountId, "machine");
            await Lab.ProtectAsync(Host,
                EdgeLab.Policy(AccessDecision.Allow, new EmailDomainRule("example.com")),
                EdgeLab.Policy(AccessDecision.NonIdentity, new ServiceTokenRule(Machine.Id)));
            var credentials = await Lab.AddTunnelAsync(Host);
            var zone = await Lab.Api.Zones.ListAsync(new ZoneFilter { Name = EdgeLab.Zone }).FirstAsync();
            await Lab.Api.Tunnels.RouteDnsAsync(zone.Id, credentials.TunnelId, Open);
            _connector = Cloudflared.StartConfigured(Lab, credentials, _directory, $"ingress:\n  - service: {Origin.Url}\n");
            using var browser = Lab.Browser();
            await Eventually.True(
                () => browser.GetAsync(new Uri($"https://{Open}/")).GetAwaiter().GetResult().IsSuccessStatusCode, "the connector carries requests");
        }

        public async ValueTask DisposeAsync()
        {
            if (_connector is not null)
            {
                await _connector.DisposeAsync();
                await Lab.DisposeAsync();
                await Origin.DisposeAsync();
            }

            _directory.Dispose();
        }
    }
}
