using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Tunnel.Core.Api;
using Tunnel.Protocol.Credentials;
using Tunnel.Protocol.Transfers;
using Tunnel.Testing;

namespace Tunnel.Edge.Tests.Login;

public sealed class LoginEndpointsTests : IAsyncLifetime
{
    private readonly TransferKeyPair _keys = TransferKeyPair.Generate();
    private EdgeLab _lab = null!;
    private LoginPerson _person = null!;
    private HttpClient _program = null!;

    public async ValueTask InitializeAsync()
    {
        _lab = await EdgeLab.StartAsync();
        _person = new LoginPerson(_lab.Trusting(null));
        _program = new HttpClient(new SocketsHttpHandler { SslOptions = _lab.Trusting(null) }) { BaseAddress = _lab.Edge.CallbackAddress };
    }

    public async ValueTask DisposeAsync()
    {
        _program.Dispose();
        _person.Dispose();
        _keys.Dispose();
        await _lab.DisposeAsync();
    }

    [Fact]
    public async Task A_waiting_program_is_given_a_certificate_for_the_zone_that_was_chosen()
    {
        var waiting = _program.GetStringAsync(_keys.PublicKey.ToString());

        var page = await _person.AuthorizeAsync(Link(), _lab.Edge.ApiToken, EdgeLab.Zone);

        Assert.Equal("Authorized", page.Title);
        var certificate = OriginCertificate.Parse(await waiting);
        var zone = await _lab.Api.Zones.ListAsync(new ZoneFilter { Name = EdgeLab.Zone }).SingleAsync();
        Assert.Equal((zone.Id, _lab.Edge.AccountId), (certificate.ZoneId, certificate.AccountId));
        Assert.NotEqual(_lab.Edge.ApiToken, certificate.ApiToken);
        using var api = Client(certificate.ApiToken);
        var tunnel = await api.Tunnels.CreateAsync(certificate.AccountId, "made-with-it", new byte[32]);
        await api.Tunnels.RouteDnsAsync(zone.Id, Guid.Parse(tunnel.Id), "made." + EdgeLab.Zone);
    }

    [Fact]
    public async Task A_certificate_opens_tunnels_and_the_records_of_its_zone_and_nothing_else()
    {
        var other = await _lab.Api.Zones.CreateAsync(_lab.Edge.AccountId, "other.test");
        await _person.AuthorizeAsync(Link(), _lab.Edge.ApiToken, EdgeLab.Zone);
        var certificate = OriginCertificate.Parse(await _program.GetStringAsync(_keys.PublicKey.ToString()));
        using var api = Client(certificate.ApiToken);
        var tunnel = await api.Tunnels.CreateAsync(certificate.AccountId, "mine", new byte[32]);

        await RefusedAsync(() => api.Tunnels.RouteDnsAsync(other.Id, Guid.Parse(tunnel.Id), "made.other.test"));
        await RefusedAsync(() => api.Zones.CreateAsync(certificate.AccountId, "third.test"));
        await RefusedAsync(() => api.ServiceTokens.CreateAsync(certificate.AccountId, "token"));
        await RefusedAsync(async () => await api.Applications.ListAsync(certificate.AccountId).ToListAsync());
        // Nor may it authorize others in its turn.
        var page = await _person.SignInAsync(Link(), certificate.ApiToken);
        Assert.Equal(HttpStatusCode.Forbidden, page.Status);
        Assert.Contains("cannot give to a program", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_is_taken_away_ends_the_session_that_it_began()
    {
        using var api = _lab.ApiHttp();
        using var created = await api.PostAsync("user/tokens", new StringContent(
            """
            {"name":"deputy","policies":[
              {"effect":"allow","resources":{"com.cloudflare.api.account.*":"*"},"permission_groups":[
                {"id":"5bc3f8b21c554832afc660159ab75fa4"},{"id":"c07321b023e944ff818fec44d8203567"}]},
              {"effect":"allow","resources":{"com.cloudflare.api.account.zone.*":"*"},"permission_groups":[
                {"id":"4755a26eedb94da69e1066d98aa820be"}]}]}
            """, Encoding.UTF8, "application/json"));
        var token = JsonNode.Parse(await created.Content.ReadAsStringAsync())!["result"]!;
        var zones = await _person.SignInAsync(Link(), (string)token["value"]!);
        Assert.Equal("Choose a zone", zones.Title);

        using var removed = await api.DeleteAsync($"user/tokens/{(string)token["id"]!}");

        Assert.Equal(HttpStatusCode.Forbidden, (await zones.PostAsync(("action", "cancel"))).Status);
    }

    [Fact]
    public async Task A_certificate_is_given_out_once()
    {
        await _person.AuthorizeAsync(Link(), _lab.Edge.ApiToken, EdgeLab.Zone);
        await _program.GetStringAsync(_keys.PublicKey.ToString());

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => _program.GetStringAsync(_keys.PublicKey.ToString(), limit.Token));
    }

    [Fact]
    public async Task A_program_that_asks_for_it_encrypted_gets_it_in_no_other_way()
    {
        var page = await _person.AuthorizeAsync(Link("transfer/"), _lab.Edge.ApiToken, EdgeLab.Zone);

        Assert.Equal("Authorized", page.Title);
        Assert.DoesNotContain("Download", page.Text, StringComparison.Ordinal);
        using var answer = await _program.GetAsync($"transfer/{_keys.PublicKey}");
        Assert.True(TransferKey.TryParse(answer.Headers.GetValues(SealedTransfer.SenderHeader).Single(), out var sender));
        var text = _keys.Open(new SealedTransfer(await answer.Content.ReadAsStringAsync(), sender!));
        Assert.Equal(_lab.Edge.AccountId, OriginCertificate.Parse(Encoding.UTF8.GetString(text)).AccountId);
    }

    [Fact]
    public async Task A_no_reaches_the_program_at_once()
    {
        var waiting = _program.GetAsync(_keys.PublicKey.ToString());

        var page = await _person.CancelAsync(Link(), _lab.Edge.ApiToken);

        Assert.Equal("Cancelled", page.Title);
        using var answer = await waiting;
        Assert.Equal(HttpStatusCode.Gone, answer.StatusCode);
    }

    [Theory]
    [InlineData("https://evil.example/{0}")]
    [InlineData("https://127.0.0.1:1/{0}")]
    [InlineData("http://login.cloudflareaccess.org/{0}")]
    [InlineData("https://login.cloudflareaccess.org:8443/{0}")]
    [InlineData("https://user@login.cloudflareaccess.org/{0}")]
    [InlineData("https://login.cloudflareaccess.org.evil.example/{0}")]
    [InlineData("https://login.cloudflareaccess.org/x/{0}")]
    [InlineData("https://login.cloudflareaccess.org/{0}?x=y")]
    [InlineData("https://login.cloudflareaccess.org/short")]
    [InlineData("//evil.example/{0}")]
    [InlineData("javascript:alert('{0}')")]
    [InlineData("")]
    public async Task Only_this_edges_own_store_is_a_place_for_certificates(string callback)
    {
        var link = new Uri($"{_lab.Edge.LoginAddress}?aud=&callback={Uri.EscapeDataString(Format(callback))}");

        var page = await _person.GetAsync(link);

        Assert.Equal((HttpStatusCode.BadRequest, "This link cannot be used"), (page.Status, page.Title));
        // Nor when somebody puts it into the form of another one.
        var form = await _person.GetAsync(Link());
        var fields = new Dictionary<string, string>(form.Hidden)
        {
            ["callback"] = Format(callback), ["api_token"] = _lab.Edge.ApiToken,
        };
        Assert.Equal(HttpStatusCode.BadRequest, (await _person.PostAsync(form.Action, fields)).Status);

        string Format(string text) => text.Replace("{0}", _keys.PublicKey.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cloudflares_own_store_stands_for_the_edges() =>
        Assert.Equal("Authorized", (await _person.AuthorizeAsync(
            new Uri($"{_lab.Edge.LoginAddress}?aud=&callback=https://login.cloudflareaccess.org/{_keys.PublicKey}"),
            _lab.Edge.ApiToken, EdgeLab.Zone)).Title);

    [Fact]
    public async Task Wrong_tokens_cannot_be_tried_without_end()
    {
        var form = await _person.GetAsync(Link());
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await form.PostAsync(("api_token", $"wrong-token-{i}"))).Status);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, (await form.PostAsync(("api_token", _lab.Edge.ApiToken))).Status);
    }

    [Fact]
    public async Task A_form_counts_only_with_the_cookie_of_its_own_page()
    {
        var zones = await _person.SignInAsync(Link(), _lab.Edge.ApiToken);
        using var other = new LoginPerson(_lab.Trusting(null));
        var theirs = await other.GetAsync(Link());

        var forged = await _person.PostAsync(zones.Action, [new("form_token", theirs.Hidden["form_token"]), new("action", "cancel")]);
        var foreign = await _person.PostAsync(
            zones.Action, [.. zones.Hidden, new("action", "cancel")], headers => headers.Add("Origin", "https://evil.example"));
        var bare = await _person.PostAsync(zones.Action, [new("action", "cancel")]);

        Assert.All([forged, foreign, bare], page => Assert.Equal(HttpStatusCode.Forbidden, page.Status));
        Assert.Equal("Choose a zone", (await _person.GetAsync(zones.Address)).Title);
    }

    [Fact]
    public async Task Who_is_not_signed_in_sees_no_zones_and_authorizes_nothing()
    {
        var form = await _person.GetAsync(Link());
        var address = new Uri(_lab.Edge.LoginAddress + "/zone");

        Assert.Equal(HttpStatusCode.Forbidden, (await _person.GetAsync(address)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await _person.PostAsync(address, [.. form.Hidden, new("action", "cancel")])).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await _person.GetAsync(new Uri(_lab.Edge.LoginAddress + "/done"))).Status);
    }

    [Fact]
    public async Task An_answer_given_twice_makes_one_certificate()
    {
        var zones = await _person.SignInAsync(Link(), _lab.Edge.ApiToken);
        var zone = await _lab.Api.Zones.ListAsync(new ZoneFilter { Name = EdgeLab.Zone }).SingleAsync();

        var pages = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => zones.PostAsync(("zone", zone.Id))));

        Assert.All(pages, page => Assert.Equal("Authorized", page.Title));
        var certificate = OriginCertificate.Parse(await _program.GetStringAsync(_keys.PublicKey.ToString()));
        using var api = Client(certificate.ApiToken);
        Assert.Equal("active", (await api.Tokens.VerifyAsync()).Status);
    }

    [Fact]
    public async Task The_pages_are_served_under_the_edges_own_names_only()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _lab.Edge.ApiAddress.Port);
        await using var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsClientAsync(_lab.Trusting("127.0.0.1"));

        await tls.WriteAsync(Encoding.ASCII.GetBytes($"GET {Link().PathAndQuery} HTTP/1.1\r\nHost: rebound.example\r\n\r\n"));

        using var reader = new StreamReader(tls);
        Assert.StartsWith("HTTP/1.1 421 ", await reader.ReadLineAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cloudflares_name_for_the_store_has_a_certificate_of_the_edges_authority()
    {
        await _person.AuthorizeAsync(Link(), _lab.Edge.ApiToken, EdgeLab.Zone);
        using var program = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = _lab.Trusting(null),
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(IPAddress.Loopback, _lab.Edge.ApiAddress.Port, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });

        var text = await program.GetStringAsync($"https://login.cloudflareaccess.org/{_keys.PublicKey}");

        Assert.Equal(_lab.Edge.AccountId, OriginCertificate.Parse(text).AccountId);
    }

    private static async Task RefusedAsync(Func<Task> call) =>
        Assert.Equal(403, (await Assert.ThrowsAsync<TunnelApiException>(call)).StatusCode);

    private Uri Link(string path = "") => new(
        $"{_lab.Edge.LoginAddress}?aud=&callback={Uri.EscapeDataString($"{_lab.Edge.CallbackAddress}{path}{_keys.PublicKey}")}");

    private TunnelApiClient Client(string token) => new(new TunnelApiOptions
    {
        BaseAddress = _lab.Edge.ApiAddress, ApiToken = token, CertificateAuthorities = _lab.Authorities,
    });
}
