using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Tunnel.Access;
using Tunnel.Core.Api;
using Tunnel.Core.Client;
using Tunnel.Protocol.Tokens;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests;

/// <summary>Who does not get through, with the status that says so; and each time nothing reached the service.</summary>
public sealed class RefusalTests : IAsyncLifetime
{
    private const string Hostname = "ssh.example.test";
    private readonly OriginListener _origin = new();
    private EdgeLab _lab = null!;
    private ServiceToken _token = null!;
    private AccessApplication _application = null!;

    public async ValueTask InitializeAsync()
    {
        _lab = await EdgeLab.StartAsync();
        _token = await _lab.Api.ServiceTokens.CreateAsync(_lab.Edge.AccountId, "visitor");
        _application = await _lab.ProtectAsync(Hostname, EdgeLab.Policy(AccessDecision.NonIdentity, new ServiceTokenRule(_token.Id)));
        await _lab.PublishAsync(Hostname, _origin.Url, connections: 1);
    }

    public async ValueTask DisposeAsync()
    {
        await _lab.DisposeAsync();
        await _origin.DisposeAsync();
    }

    [Fact]
    public async Task Without_a_token_it_is_403() => await AssertRefused(403);

    [Fact]
    public async Task With_a_wrong_secret_it_is_403() =>
        await AssertRefused(403, ("CF-Access-Client-Id", _token.ClientId!), ("CF-Access-Client-Secret", new string('0', 64)));

    [Fact]
    public async Task With_an_unknown_token_it_is_403() =>
        await AssertRefused(403, ("CF-Access-Client-Id", new string('0', 32) + ".access"), ("CF-Access-Client-Secret", _token.ClientSecret!));

    [Fact]
    public async Task With_a_deleted_token_it_is_403_from_the_next_request_on()
    {
        const string any = "any.example.test";
        await _lab.ProtectAsync(any, EdgeLab.Policy(AccessDecision.NonIdentity, new AnyValidServiceTokenRule()));
        await _lab.PublishAsync(any, _origin.Url, connections: 1);
        var token = await _lab.Api.ServiceTokens.CreateAsync(_lab.Edge.AccountId, "short-lived");
        var jwt = (await SignInAsync(any, token)).Jwt;

        await _lab.Api.ServiceTokens.DeleteAsync(_lab.Edge.AccountId, token.Id);

        await AssertRefused(403, any, ("CF-Access-Client-Id", token.ClientId!), ("CF-Access-Client-Secret", token.ClientSecret!));
        await AssertRefused(403, any, ("Cf-Access-Token", jwt));
    }

    [Fact]
    public async Task Twice_the_same_header_is_403() => await AssertRefused(403,
        ("CF-Access-Client-Id", _token.ClientId!), ("CF-Access-Client-Id", _token.ClientId!), ("CF-Access-Client-Secret", _token.ClientSecret!));

    [Fact]
    public async Task The_application_token_that_a_service_token_earned_opens_the_door()
    {
        var jwt = await SignInAsync();

        await using var stream = await AccessStream.ConnectAsync(new AccessClientOptions
        {
            Address = Hostname,
            ConnectTo = _lab.PublicAddress,
            CertificateAuthorities = _lab.Authorities,
            AppToken = jwt,
        });
        await stream.WriteAsync("hello"u8.ToArray());
        var answer = new byte[5];
        await stream.ReadExactlyAsync(answer);
        Assert.Equal("hello"u8, answer);
    }

    [Fact]
    public async Task The_published_keys_verify_an_application_token_for_its_own_application_only()
    {
        var jwt = await SignInAsync();
        using var browser = _lab.Browser();
        var keys = AccessTokenKeys.Parse(await browser.GetByteArrayAsync($"https://{Hostname}/cdn-cgi/access/certs"));

        var claims = await Validator(_application.Aud!).ValidateAsync(jwt);
        Assert.Equal(_token.ClientId, claims.CommonName);
        await Assert.ThrowsAsync<AccessTokenException>(() => Validator(new string('0', 64)).ValidateAsync(jwt));

        AccessTokenValidator Validator(string audience) => new(new AccessTokenValidatorOptions
        {
            Issuer = "https://tunnel.cloudflareaccess.test",
            Audiences = [audience],
            Keys = keys,
        });
    }

    [Fact]
    public async Task The_assertion_header_of_a_visitor_proves_nothing() =>
        await AssertRefused(403, ("Cf-Access-Jwt-Assertion", await SignInAsync()), ("Cf-Access-Authenticated-User-Email", "alice@example.test"));

    [Fact]
    public async Task A_deny_policy_before_an_allowing_one_is_403()
    {
        const string denied = "denied.example.test";
        await _lab.ProtectAsync(
            denied,
            EdgeLab.Policy(AccessDecision.Deny, new IpRangeRule(IPNetwork.Parse("127.0.0.0/8"))),
            EdgeLab.Policy(AccessDecision.Allow, new EveryoneRule()));
        await _lab.PublishAsync(denied, _origin.Url, connections: 1);

        await AssertRefused(403, denied, ("CF-Access-Client-Id", _token.ClientId!), ("CF-Access-Client-Secret", _token.ClientSecret!));
    }

    [Fact]
    public async Task An_application_without_policies_is_403_for_everybody()
    {
        const string closed = "closed.example.test";
        await _lab.ProtectAsync(closed);
        await _lab.PublishAsync(closed, _origin.Url, connections: 1);

        await AssertRefused(403, closed, ("CF-Access-Client-Id", _token.ClientId!), ("CF-Access-Client-Secret", _token.ClientSecret!));
    }

    [Fact]
    public async Task Where_a_person_could_sign_in_it_is_302_to_the_sign_in()
    {
        const string people = "people.example.test";
        await _lab.ProtectAsync(people, EdgeLab.Policy(AccessDecision.Allow, new EmailDomainRule("example.test")));
        await _lab.PublishAsync(people, _origin.Url, connections: 1);

        var location = (await AssertRefused(302, people)).Headers.Location!;
        Assert.StartsWith("/cdn-cgi/access/login/people.example.test", location.AbsolutePath, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_hostname_is_404() => await AssertRefused(404, "nobody.example.test");

    [Fact]
    public async Task A_hostname_other_than_the_one_of_the_TLS_connection_is_421()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(_lab.Edge.PublicEndPoint);
        await using var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsClientAsync(_lab.Trusting("open.example.test"));
        await tls.WriteAsync(Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: {Hostname}\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(tls);

        Assert.StartsWith("HTTP/1.1 421", await reader.ReadLineAsync(), StringComparison.Ordinal);
        Assert.Equal(0, _origin.Connections);
    }

    [Theory]
    [InlineData("OPTIONS * HTTP/1.1")]
    [InlineData("CONNECT ssh.example.test:443 HTTP/1.1")]
    [InlineData("POST / HTTP/1.1")]
    [InlineData("GET https://ssh.example.test/%2561 HTTP/1.1")]
    [InlineData("GET //ssh.example.test/ HTTP/1.1")]
    public async Task No_form_of_request_goes_around_an_application(string line)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(_lab.Edge.PublicEndPoint);
        await using var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsClientAsync(_lab.Trusting(Hostname));
        await tls.WriteAsync(Encoding.ASCII.GetBytes(
            $"{line}\r\nHost: {(line.StartsWith('C') ? Hostname + ":443" : Hostname)}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"));
        using var reader = new StreamReader(tls);

        Assert.Matches("^HTTP/1.1 4[0-9][0-9]", await reader.ReadLineAsync());
        Assert.Equal(0, _origin.Connections);
    }

    [Fact]
    public async Task A_tunnel_that_is_not_connected_is_530()
    {
        await _lab.AddTunnelAsync("down.example.test");
        await AssertRefused(530, "down.example.test");
    }

    [Fact]
    public async Task The_visitors_program_says_why()
    {
        var error = await Assert.ThrowsAsync<AccessDeniedException>(() => _lab.VisitAsync(Hostname));
        Assert.Equal(403, error.StatusCode);
        Assert.Equal(0, _origin.Connections);
    }

    private Task<HttpResponseMessage> AssertRefused(int status, params (string Name, string Value)[] headers) =>
        AssertRefused(status, Hostname, headers);

    private async Task<HttpResponseMessage> AssertRefused(int status, string hostname, params (string Name, string Value)[] headers)
    {
        var before = _origin.Connections;
        using var browser = _lab.Browser();
        var response = await browser.SendAsync(Upgrade(hostname, headers));

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(before, _origin.Connections);
        return response;
    }

    private async Task<string> SignInAsync()
    {
        var (jwt, audience) = await SignInAsync(Hostname, _token);
        Assert.Equal(_application.Aud, audience);
        return jwt;
    }

    /// <summary>The application token that the edge gives to who comes with the service token.</summary>
    private async Task<(string Jwt, string? Audience)> SignInAsync(string hostname, ServiceToken token)
    {
        using var browser = _lab.Browser();
        var response = await browser.SendAsync(
            Upgrade(hostname, ("CF-Access-Client-Id", token.ClientId!), ("CF-Access-Client-Secret", token.ClientSecret!)),
            HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.SwitchingProtocols, response.StatusCode);
        var cookie = response.Headers.GetValues("Set-Cookie").Single();
        Assert.Contains("secure; samesite=lax; httponly", cookie, StringComparison.OrdinalIgnoreCase);
        using var claims = JsonDocument.Parse(FromBase64Url(cookie.Split('.')[1]));
        return (cookie.Split('=', ';')[1], claims.RootElement.GetProperty("aud")[0].GetString());
    }

    private static HttpRequestMessage Upgrade(string hostname, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"https://{hostname}/");
        request.Headers.Connection.Add("Upgrade");
        request.Headers.Upgrade.ParseAdd("websocket");
        request.Headers.Add("Sec-WebSocket-Version", "13");
        request.Headers.Add("Sec-WebSocket-Key", Convert.ToBase64String(RandomNumberGenerator.GetBytes(16)));
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    private static string FromBase64Url(string text) => Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(text));
}
