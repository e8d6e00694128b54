using Tunnel.Access;
using Tunnel.Core.Api;
using Tunnel.Core.Client;
using Tunnel.Core.Tunnels;
using Tunnel.Testing;

namespace Tunnel.Core.Tests.Tunnels;

/// <summary>A tunnel whose connector checks the token itself, for a route that leads around the sign-in.</summary>
public sealed class RequireAccessTests : IAsyncLifetime
{
    private readonly OriginListener _origin = new();
    private TunnelLab _lab = null!;
    private ServiceToken _token = null!;
    private AccessApplication _application = null!;

    public async ValueTask InitializeAsync()
    {
        _lab = await TunnelLab.StartAsync(protect: false);
        _token = await _lab.Api.ServiceTokens.CreateAsync(_lab.AccountId, "visitor");
        _application = await _lab.Edge.ProtectAsync(
            TunnelLab.Hostname, EdgeLab.Policy(AccessDecision.NonIdentity, new ServiceTokenRule(_token.Id)));
    }

    public async ValueTask DisposeAsync()
    {
        await _lab.DisposeAsync();
        await _origin.DisposeAsync();
    }

    [Fact]
    public async Task Who_is_let_in_reaches_the_service_and_a_route_without_a_gate_reaches_nothing()
    {
        await StartAsync(Request);
        await EchoAsync();
        var before = _origin.Connections;

        // The gate is gone, the route is there: whoever comes is handed on.
        await _lab.Api.Applications.DeleteAsync(_lab.AccountId, _application.Id);
        var error = await Assert.ThrowsAsync<AccessDeniedException>(() => _lab.Edge.VisitAsync(TunnelLab.Hostname));

        Assert.Equal(403, error.StatusCode);
        Assert.Equal(before, _origin.Connections);
    }

    [Fact]
    public async Task A_gate_of_another_application_is_none()
    {
        await StartAsync(Request);
        await _lab.Api.Applications.DeleteAsync(_lab.AccountId, _application.Id);
        await _lab.Edge.ProtectAsync(TunnelLab.Hostname, EdgeLab.Policy(AccessDecision.NonIdentity, new ServiceTokenRule(_token.Id)));

        await Assert.ThrowsAsync<AccessDeniedException>(() => _lab.Edge.VisitAsync(TunnelLab.Hostname, _token));
        Assert.Equal(0, _origin.Connections);
    }

    [Fact]
    public async Task A_visitor_whom_a_bypass_lets_by_has_no_token_and_the_plan_says_so()
    {
        await _lab.Api.Policies.CreateAsync(_lab.AccountId, _application.Id, EdgeLab.Policy(AccessDecision.Bypass, new EveryoneRule()));
        var tunnel = await StartAsync(Request);

        await Assert.ThrowsAsync<AccessDeniedException>(() => _lab.Edge.VisitAsync(TunnelLab.Hostname));
        Assert.Equal(0, _origin.Connections);
        Assert.Contains(tunnel.Warnings, w => w.Contains("the connector refuses", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_rule_stands_in_the_configuration_file_as_cloudflared_has_it()
    {
        var tunnel = await StartAsync(Request);
        var text = await File.ReadAllTextAsync(tunnel.ConfigurationFile!);

        Assert.True(tunnel.RequiresAccess);
        Assert.Contains("required: true", text, StringComparison.Ordinal);
        Assert.Contains(_application.Aud!, text, StringComparison.Ordinal);
        Assert.Same(tunnel, await _lab.Tunnels.StartAsync(Request));
        await Assert.ThrowsAsync<SshTunnelException>(() => _lab.Tunnels.StartAsync(Request with { RequireAccess = false }));
    }

    [Fact]
    public async Task Without_an_application_nobody_could_have_a_token()
    {
        await _lab.Api.Applications.DeleteAsync(_lab.AccountId, _application.Id);

        var error = await Assert.ThrowsAsync<SshTunnelException>(
            () => _lab.Tunnels.StartAsync(Request with { AllowUnprotected = true }));

        Assert.Equal(SshTunnelError.Unprotected, error.Error);
        Assert.Empty(await _lab.TunnelsAsync());
    }

    private SshTunnelRequest Request => new()
    {
        Hostname = TunnelLab.Hostname,
        Url = _origin.Url,
        RequireAccess = true,
        Connections = 1,
    };

    private async Task<SshTunnel> StartAsync(SshTunnelRequest request)
    {
        var tunnel = await _lab.Tunnels.StartAsync(request);
        await tunnel.WaitAsync(Eventually.Limit);
        return tunnel;
    }

    private async Task EchoAsync()
    {
        await using var stream = await _lab.Edge.VisitAsync(TunnelLab.Hostname, _token);
        await stream.WriteAsync("hello"u8.ToArray());
        var answer = new byte[5];
        await stream.ReadExactlyAsync(answer);
        Assert.Equal("hello"u8, answer);
    }
}
