using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Tunnel.Access;
using Tunnel.Core.Api;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests;

/// <summary>An application for people and one for machines, whose settings a test changes.</summary>
public abstract class AccessSettings : IAsyncLifetime
{
    private protected const string Hostname = "people.example.test";
    private protected const string Machines = "machines.example.test";
    private protected const string Alice = "alice@example.com";
    private protected const int LetThrough = 530;

    private protected EdgeLab _lab = null!;
    private protected HttpClient _api = null!;
    private protected AccessApplication _application = null!;
    private protected AccessApplication _machines = null!;
    private protected ServiceToken _token = null!;

    public async ValueTask InitializeAsync()
    {
        _lab = await EdgeLab.StartAsync();
        _api = _lab.ApiHttp();
        _token = await _lab.Api.ServiceTokens.CreateAsync(_lab.Edge.AccountId, "machine");
        _application = await _lab.ProtectAsync(Hostname, EdgeLab.Policy(AccessDecision.Allow, new EmailDomainRule("example.com")));
        _machines = await _lab.ProtectAsync(Machines, EdgeLab.Policy(AccessDecision.NonIdentity, new ServiceTokenRule(_token.Id)));
        await _lab.AddTunnelAsync(Hostname);
        await _lab.AddTunnelAsync(Machines);
    }

    public async ValueTask DisposeAsync()
    {
        _api.Dispose();
        await _lab.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected (string Name, string Value)[] TokenHeaders(string? secret = null) =>
        [("CF-Access-Client-Id", _token.ClientId!), ("CF-Access-Client-Secret", secret ?? _token.ClientSecret!)];

    private protected Task<BrowserPage> GetAsync(string hostname, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Get, hostname, headers);

    private protected async Task<BrowserPage> SendAsync(HttpMethod method, string hostname, params (string Name, string Value)[] headers)
    {
        using var program = _lab.Browser();
        using var request = new HttpRequestMessage(method, $"https://{hostname}/");
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await program.SendAsync(request);
        return new BrowserPage(
            request.RequestUri!, (int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers.Location);
    }

    private protected async Task SetAsync(AccessApplication application, params (string Name, JsonNode? Value)[] settings)
    {
        var path = new Uri($"accounts/{_lab.Edge.AccountId}/access/apps/{application.Id}", UriKind.Relative);
        var document = (await _api.GetFromJsonAsync<JsonObject>(path))!["result"]!.DeepClone().AsObject();
        document.Remove("policies");
        await PutAsync(path, document, settings);
    }

    private protected Task SetOrganizationAsync(params (string Name, JsonNode? Value)[] settings) =>
        PutAsync(new Uri($"accounts/{_lab.Edge.AccountId}/access/organizations", UriKind.Relative), [], settings);

    private protected async Task PutAsync(Uri path, JsonObject document, (string Name, JsonNode? Value)[] settings)
    {
        foreach (var (name, value) in settings)
        {
            document[name] = value;
        }

        using var response = await _api.PutAsJsonAsync(path, document);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }
}
