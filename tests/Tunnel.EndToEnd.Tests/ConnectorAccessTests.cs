using System.Net.Http.Json;
using Tunnel.Access;
using Tunnel.Core.Api;
using Tunnel.Core.Client;
using Tunnel.Core.Connector.Access;
using Tunnel.Protocol.Configuration;
using Tunnel.Protocol.Credentials;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests;

/// <summary>
/// One configuration with <c>originRequest.access</c>, at our connector and at cloudflared: the token that our edge hands
/// on opens it, and a route without a gate does not.
/// </summary>
public sealed class ConnectorAccessTests : IAsyncLifetime
{
    private const string Hostname = "ssh.example.test";
    private const string Team = "tunnel.cloudflareaccess.com"; // cloudflared knows short names only

    private readonly OriginListener _origin = new();
    private readonly TemporaryDirectory _directory = new();
    private EdgeLab _lab = null!;
    private ServiceToken _token = null!;
    private AccessApplication _application = null!;
    private TunnelCredentials _credentials = null!;

    public async ValueTask InitializeAsync()
    {
        _lab = await EdgeLab.StartAsync();
        var organization = await _lab.Api.Organization.GetAsync(_lab.Edge.AccountId);
        await _lab.Api.Organization.UpdateAsync(_lab.Edge.AccountId, organization with { AuthDomain = Team });
        _token = await _lab.Api.ServiceTokens.CreateAsync(_lab.Edge.AccountId, "visitor");
        _application = await _lab.ProtectAsync(Hostname, EdgeLab.Policy(AccessDecision.NonIdentity, new ServiceTokenRule(_token.Id)));
        _credentials = await _lab.AddTunnelAsync(Hostname);
    }

    public async ValueTask DisposeAsync()
    {
        await _lab.DisposeAsync();
        await _origin.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Our_connector_by_its_file()
    {
        var options = _lab.Options(_credentials, Hostname, _origin.Url);
        await using var connector = new Core.Connector.TunnelConnector(options with
        {
            Configuration = TunnelConfiguration.ParseYaml(Yaml(_application.Aud!)),
            AccessTeam = OwnTeam,
        });
        await connector.StartAsync();
        await ConnectedAsync();

        await AssertOnlyWithTokenAsync();
    }

    [Fact]
    public async Task Our_connector_by_the_accounts_configuration()
    {
        using var api = _lab.ApiHttp();
        using var response = await api.PutAsJsonAsync(
            new Uri($"accounts/{_lab.Edge.AccountId}/cfd_tunnel/{_credentials.TunnelId}/configurations", UriKind.Relative),
            new
            {
                config = new
                {
                    ingress = new object[]
                    {
                        new
                        {
                            hostname = Hostname,
                            service = _origin.Url,
                            originRequest = new { access = new { required = true, teamName = "tunnel", audTag = new[] { _application.Aud } } },
                        },
                        new { service = "http_status:404" },
                    },
                },
            });
        response.EnsureSuccessStatusCode();
        await using var connector = new Core.Connector.TunnelConnector(
            _lab.Options(_credentials, Hostname, "http_status:503") with { AccessTeam = OwnTeam });
        await connector.StartAsync();
        await ConnectedAsync();
        await Eventually.True(() => connector.Configuration.Ingress[0].OriginRequest.Access.Required, "it has the account's rules");

        await AssertOnlyWithTokenAsync();
    }

    [Fact]
    public async Task Cloudflareds_connector_with_the_same_file()
    {
        Cloudflared.SkipUnlessInstalled();
        // It fetches the keys at a name of Cloudflare's, whatever it is told: hence the proxy.
        await using var proxy = new ConnectProxy(_lab.Edge.PublicEndPoint);
        await using var connector = Cloudflared.StartConfigured(
            _lab, _credentials, _directory, Yaml(_application.Aud!), new Dictionary<string, string> { ["HTTPS_PROXY"] = proxy.Address.AbsoluteUri });
        await ConnectedAsync(4);

        await AssertOnlyWithTokenAsync();
    }

    [Fact]
    public async Task The_metadata_that_anybody_may_ask_for_names_an_issuer_of_its_own()
    {
        // cloudflared looks at issuer and audience only: were they the same, the metadata would open its gate.
        using var browser = _lab.Browser();
        using var request = new HttpRequestMessage(HttpMethod.Head, $"https://{Hostname}/") { Headers = { { "cf-access-metadata-request", "true" } } };
        using var response = await browser.SendAsync(request);
        var claims = TokenSigner.ClaimsOf(response.Headers.GetValues("cf-access-metadata").Single());

        Assert.Equal(_application.Aud, claims["aud"]!.GetValue<string>());
        Assert.Equal("match", claims["type"]!.GetValue<string>());
        Assert.NotEqual("https://" + Team, claims["iss"]!.GetValue<string>());
    }

    private AccessTeamOptions OwnTeam => new() { ConnectTo = _lab.PublicAddress, CertificateAuthorities = _lab.Authorities };

    private string Yaml(string audience) => $"""
        ingress:
          - hostname: {Hostname}
            service: {_origin.Url}
            originRequest:
              access:
                required: true
                teamName: tunnel
                audTag: [{audience}]
          - service: http_status:404

        """;

    private async Task AssertOnlyWithTokenAsync()
    {
        await using (var stream = await _lab.VisitAsync(Hostname, _token))
        {
            await stream.WriteAsync("hello"u8.ToArray());
            var answer = new byte[5];
            await stream.ReadExactlyAsync(answer);
            Assert.Equal("hello"u8, answer);
        }

        var before = _origin.Connections;
        await _lab.Api.Applications.DeleteAsync(_lab.Edge.AccountId, _application.Id);

        var error = await Assert.ThrowsAnyAsync<AccessConnectException>(() => _lab.VisitAsync(Hostname));
        Assert.Contains("403", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, _origin.Connections);
    }

    private async Task ConnectedAsync(int connections = 1)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (((await _lab.Api.Tunnels.GetAsync(_lab.Edge.AccountId, _credentials.TunnelId)).Connections?.Count ?? 0) < connections)
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }
}
