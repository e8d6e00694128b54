using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Tunnel.Edge.Api;
using Tunnel.Edge.Store;
using Tunnel.Edge.Tests.Store;

namespace Tunnel.Edge.Tests.Api;

/// <summary>The API on a real Kestrel on loopback, with a store of its own, and a client that has the admin token.</summary>
public sealed class ApiHost : IAsyncDisposable
{
    private readonly WebApplication _application;

    private ApiHost(WebApplication application, StateDirectory directory, EdgeStore store, Uri address)
    {
        _application = application;
        Directory = directory;
        Store = store;
        Address = address;
        Client = new HttpClient { BaseAddress = new Uri(address, "/client/v4/"), Timeout = TimeSpan.FromSeconds(30) };
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", store.InitialApiToken);
    }

    public StateDirectory Directory { get; }

    public EdgeStore Store { get; }

    public Uri Address { get; }

    public HttpClient Client { get; }

    public ManualTime Time { get; private init; } = new();

    public ConnectedTunnels Connections { get; private init; } = new();

    /// <summary>The patterns of all routes that the API has.</summary>
    public IReadOnlyList<string> Patterns => [.. _application.Services.GetServices<EndpointDataSource>()
        .Concat(((IEndpointRouteBuilder)_application).DataSources)
        .SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().Select(e => e.RoutePattern.RawText!).Distinct()];

    public string Account => Store.Account.Id;

    public static async Task<ApiHost> StartAsync(Func<ApiOptions, ApiOptions>? configure = null)
    {
        var directory = new StateDirectory();
        var time = new ManualTime();
        var connections = new ConnectedTunnels();
        var store = EdgeStore.Open(new EdgeStoreOptions { StateDirectory = directory.Path, TimeProvider = time });
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(o => o.Listen(IPAddress.Loopback, 0, l => l.Protocols = HttpProtocols.Http1));
        builder.Services.AddRoutingCore();
        var application = builder.Build();
        application.UseRouting();
        var options = new ApiOptions { TimeProvider = time };
        ApiEndpoints.Map(application, store, connections, configure?.Invoke(options) ?? options);
        application.UseEndpoints(_ => { });
        await application.StartAsync();
        var addresses = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        return new ApiHost(application, directory, store, new Uri(addresses.Addresses.Single()))
        {
            Time = time, Connections = connections,
        };
    }

    public Task<ApiAnswer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<ApiAnswer> PostAsync(string path, JsonObject? body = null) => SendAsync(HttpMethod.Post, path, body?.ToJsonString());

    public Task<ApiAnswer> PutAsync(string path, JsonObject body) => SendAsync(HttpMethod.Put, path, body.ToJsonString());

    public Task<ApiAnswer> PatchAsync(string path, JsonObject body) => SendAsync(HttpMethod.Patch, path, body.ToJsonString());

    public Task<ApiAnswer> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path);

    public async Task<ApiAnswer> SendAsync(
        HttpMethod method, string path, string? body = null, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        change?.Invoke(request);
        using var response = await Client.SendAsync(request);
        return await ApiAnswer.ReadAsync(response);
    }

    /// <summary>Makes a token of the user, and returns its value.</summary>
    public async Task<string> AddTokenAsync(params JsonObject[] policies)
    {
        var answer = await PostAsync("user/tokens", new JsonObject { ["name"] = "narrow", ["policies"] = new JsonArray([.. policies]) });
        return answer.Text("value");
    }

    /// <summary>Sends a request with another token.</summary>
    public Task<ApiAnswer> SendAsAsync(string token, HttpMethod method, string path, JsonObject? body = null) => SendAsync(
        method, path, body?.ToJsonString(), r => r.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token));

    public Task<ApiAnswer> GetAsAsync(string token, string path) => SendAsAsync(token, HttpMethod.Get, path);

    /// <summary>Adds a zone and returns its id.</summary>
    public async Task<string> AddZoneAsync(string name = "example.test")
    {
        var answer = await PostAsync("zones", new JsonObject { ["name"] = name, ["account"] = new JsonObject { ["id"] = Account } });
        return answer.Result["id"]!.GetValue<string>();
    }

    /// <summary>Adds a tunnel and returns its id.</summary>
    public async Task<Guid> AddTunnelAsync(string name = "home")
    {
        var answer = await PostAsync($"accounts/{Account}/cfd_tunnel", new JsonObject { ["name"] = name });
        return answer.Result["id"]!.GetValue<Guid>();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _application.DisposeAsync();
        Store.Dispose();
        Directory.Dispose();
    }
}
