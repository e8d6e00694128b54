using Microsoft.AspNetCore.Http;
using Tunnel.Core.Api;
using Tunnel.Core.Tests.Api;
using Tunnel.Core.Tunnels;
using Tunnel.Testing;

namespace Tunnel.Core.Tests.Tunnels;

/// <summary>A start that fails leaves everything as it was; faults are made between the client and a real edge.</summary>
public sealed class SshTunnelUndoTests : IAsyncLifetime
{
    private static readonly SshTunnelRequest Request = new() { Hostname = TunnelLab.Hostname, Url = "ssh://127.0.0.1:2222" };
    private readonly CancellationTokenSource _cancellation = new();
    private EdgeLab _edge = null!;
    private ScriptedApi _between = null!;
    private TunnelLab _lab = null!;
    private HttpClient _http = null!;

    /// <summary>Asked before and after a call is handed on; true cuts the connection.</summary>
    private Func<HttpRequest, bool> _before = static _ => false;
    private Func<HttpRequest, bool> _after = static _ => false;

    public async ValueTask InitializeAsync()
    {
        _edge = await EdgeLab.StartAsync();
        _http = new HttpClient(new SocketsHttpHandler { SslOptions = _edge.Trusting(null) });
        _between = await ScriptedApi.StartAsync((context, _) => PassAsync(context));
        _lab = await TunnelLab.StartAsync(_between.Address, _edge);
    }

    public async ValueTask DisposeAsync()
    {
        await _lab.DisposeAsync();
        await _between.DisposeAsync();
        _http.Dispose();
        _cancellation.Dispose();
    }

    [Fact]
    public async Task When_the_connector_cannot_start_nothing_is_left()
    {
        await using var service = _lab.Service(static _ => throw new InvalidOperationException("no connector"));
        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => service.StartAsync(Request));
        Assert.Equal("no connector", e.Message);
        await NothingLeftAsync();
        Assert.Empty(service.Running);
    }

    [Fact]
    public async Task When_the_connector_cannot_start_a_replaced_record_is_restored()
    {
        var zone = await _lab.ZoneIdAsync();
        var before = await _lab.Api.DnsRecords.CreateAsync(
            zone, new DnsRecord { Type = "A", Name = TunnelLab.Hostname, Content = "192.0.2.1", Proxied = false, Ttl = 300 });
        await using var service = _lab.Service(static _ => throw new InvalidOperationException("no connector"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => service.StartAsync(Request with { Force = true }));
        var after = Assert.Single(await _lab.RecordsAsync());
        Assert.Equal((before.Type, before.Content, before.Proxied, before.Ttl), (after.Type, after.Content, after.Proxied, after.Ttl));
        Assert.Empty(await _lab.TunnelsAsync());
        Assert.Empty(_lab.Files());
    }

    [Fact]
    public async Task When_the_connector_cannot_start_an_old_tunnel_and_its_files_stay()
    {
        var tunnel = await _lab.Tunnels.StartAsync(Request);
        await _lab.Tunnels.StopAsync(tunnel, TimeSpan.Zero);
        var files = _lab.Files().Order().Select(File.ReadAllText).ToList();
        await using var service = _lab.Service(static _ => throw new InvalidOperationException("no connector"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => service.StartAsync(Request with { Url = "ssh://127.0.0.1:3333" }));
        Assert.Equal(files, _lab.Files().Order().Select(File.ReadAllText));
        Assert.Equal(tunnel.Id, Guid.Parse(Assert.Single(await _lab.TunnelsAsync()).Id));
        Assert.Single(await _lab.RecordsAsync());
    }

    [Fact]
    public async Task When_the_route_is_refused_nothing_is_left()
    {
        _before = static request => request.Path.Value!.EndsWith("/routes", StringComparison.Ordinal);
        await Assert.ThrowsAsync<TunnelApiException>(() => _lab.Tunnels.StartAsync(Request));
        await NothingLeftAsync();
    }

    [Fact]
    public async Task When_the_answer_to_the_route_is_lost_for_good_nothing_is_left()
    {
        _after = static request => request.Path.Value!.EndsWith("/routes", StringComparison.Ordinal);
        await Assert.ThrowsAsync<TunnelApiException>(() => _lab.Tunnels.StartAsync(Request));
        await NothingLeftAsync();
    }

    [Fact]
    public async Task When_the_answer_to_the_creation_is_lost_the_tunnel_is_found_by_its_secret()
    {
        _after = IsCreation;
        var tunnel = await _lab.Tunnels.StartAsync(Request);
        await tunnel.WaitAsync(Eventually.Limit);
        Assert.Equal(tunnel.Id, Guid.Parse(Assert.Single(await _lab.TunnelsAsync()).Id));
        Assert.Single(_between.Requests, static r => r.StartsWith("POST", StringComparison.Ordinal));
    }

    [Fact]
    public async Task When_the_creation_is_lost_on_its_way_nothing_is_left()
    {
        _before = IsCreation;
        await Assert.ThrowsAsync<TunnelApiException>(() => _lab.Tunnels.StartAsync(Request));
        await NothingLeftAsync();
        Assert.Single(_between.Requests, static r => r.StartsWith("POST", StringComparison.Ordinal));
    }

    [Fact]
    public async Task When_another_took_the_name_meanwhile_its_tunnel_stays()
    {
        var made = false;
        _before = request =>
        {
            if (IsCreation(request) && !made)
            {
                made = true;
                _lab.Api.Tunnels.CreateAsync(_lab.AccountId, TunnelLab.Hostname, new byte[32]).GetAwaiter().GetResult();
            }

            return false;
        };
        var e = await Assert.ThrowsAsync<TunnelApiException>(() => _lab.Tunnels.StartAsync(Request));
        Assert.True(e.IsConflict);
        Assert.Single(await _lab.TunnelsAsync());
    }

    [Theory]
    [InlineData("POST", "/cfd_tunnel")]
    [InlineData("PUT", "/routes")]
    public async Task When_it_is_cancelled_within_a_change_nothing_is_left(string method, string path)
    {
        _after = request =>
        {
            if (request.Method == method && request.Path.Value!.EndsWith(path, StringComparison.Ordinal))
            {
                _cancellation.Cancel();
            }

            return false;
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _lab.Tunnels.StartAsync(Request, _cancellation.Token));
        await NothingLeftAsync();
    }

    [Fact]
    public async Task What_could_not_be_undone_is_told()
    {
        _before = static request => request.Method is "DELETE";
        await using var service = _lab.Service(static _ => throw new InvalidOperationException("no connector"));
        var e = await Assert.ThrowsAsync<SshTunnelException>(() => service.StartAsync(Request));
        Assert.Equal(SshTunnelError.Undo, e.Error);
        Assert.Contains($"delete the tunnel '{TunnelLab.Hostname}'", e.Message, StringComparison.Ordinal);
        Assert.Contains("no connector", e.Message, StringComparison.Ordinal);
    }

    private static bool IsCreation(HttpRequest request) =>
        request.Method == "POST" && request.Path.Value!.EndsWith("/cfd_tunnel", StringComparison.Ordinal);

    private async Task NothingLeftAsync()
    {
        Assert.Empty(await _lab.TunnelsAsync());
        Assert.Empty(await _lab.RecordsAsync());
        Assert.Empty(_lab.Files());
        Assert.False(Directory.Exists(_lab.Directory));
        Assert.Empty(_lab.Tunnels.Running);
    }

    /// <summary>Hands a call on to the edge, and its answer back.</summary>
    private async Task PassAsync(HttpContext context)
    {
        if (_before(context.Request))
        {
            context.Abort();
            return;
        }

        var target = new Uri(_edge.Edge.ApiAddress, context.Request.Path + context.Request.QueryString.ToString());
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), target);
        request.Headers.TryAddWithoutValidation("Authorization", context.Request.Headers.Authorization.ToString());
        if (context.Request.ContentType is { } type)
        {
            request.Content = new StringContent(_between.Bodies.Last(), null, type);
        }

        using var response = await _http.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();
        if (_after(context.Request))
        {
            context.Abort();
            return;
        }

        await ScriptedApi.AnswerAsync(context, (int)response.StatusCode, body);
    }
}
