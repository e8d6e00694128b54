using System.Text.Json;
using Tunnel.Core.Api;
using Tunnel.Core.Tunnels;
using Tunnel.Testing;

namespace Tunnel.Core.Tests.Tunnels;

/// <summary>What is refused, and that nothing was changed by it.</summary>
public sealed class SshTunnelRefusalTests : IAsyncLifetime
{
    private static readonly SshTunnelRequest Request = new() { Hostname = TunnelLab.Hostname, Url = "ssh://127.0.0.1:2222" };
    private TunnelLab _lab = null!;

    public async ValueTask InitializeAsync() => _lab = await TunnelLab.StartAsync();

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task A_hostname_that_no_application_covers()
    {
        var request = Request with { Hostname = "open.example.test" };
        var e = await RefusedAsync(SshTunnelError.Unprotected, request);
        Assert.Contains("New-AccessApplication", e.Message, StringComparison.Ordinal);
        var tunnel = await _lab.Tunnels.StartAsync(request with { AllowUnprotected = true });
        Assert.Contains("everybody can connect", Assert.Single(tunnel.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hostname_of_which_only_a_path_is_covered()
    {
        await _lab.Edge.ProtectAsync("part.example.test/admin");
        await RefusedAsync(SshTunnelError.Unprotected, Request with { Hostname = "part.example.test" });
    }

    [Fact]
    public async Task A_hostname_in_no_zone()
    {
        var e = await RefusedAsync(SshTunnelError.ZoneNotFound, Request with { Hostname = "ssh.example.org" });
        Assert.Contains("New-TunnelZone", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not a hostname", "ssh://localhost:22")]
    [InlineData("ssh.example.test", "http://localhost:80")]
    [InlineData("ssh.example.test", "rdp://localhost")]
    [InlineData("ssh.example.test", "foo://localhost:1")]
    [InlineData("ssh.example.test", "localhost:22")]
    [InlineData("ssh.example.test", "")]
    [InlineData("ssh.example.test", "http_status:404")]
    public async Task What_is_not_a_hostname_or_an_ssh_address(string hostname, string url) =>
        await RefusedAsync(SshTunnelError.InvalidRequest, new SshTunnelRequest { Hostname = hostname, Url = url });

    [Theory]
    [InlineData("")]
    [InlineData(" x")]
    [InlineData("11111111-2222-3333-4444-555555555555")]
    public async Task A_name_that_is_none(string name) => await RefusedAsync(SshTunnelError.InvalidRequest, Request with { Name = name });

    [Fact]
    public async Task A_record_that_is_not_a_tunnels()
    {
        var zone = await _lab.ZoneIdAsync();
        var record = await _lab.Api.DnsRecords.CreateAsync(
            zone, new DnsRecord { Type = "A", Name = TunnelLab.Hostname, Content = "192.0.2.1" });
        var e = await RefusedAsync(SshTunnelError.RecordExists, Request);
        Assert.Contains("A 192.0.2.1", e.Message, StringComparison.Ordinal);
        Assert.Equal(record, Assert.Single(await _lab.RecordsAsync()));

        var tunnel = await _lab.Tunnels.StartAsync(Request with { Force = true });
        Assert.Equal(tunnel.Id, Assert.Single(await _lab.RecordsAsync()).TunnelId);
        Assert.Contains(tunnel.Warnings, static w => w.Contains("192.0.2.1) that is not a tunnel's; that is replaced", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_hostname_of_another_tunnel()
    {
        await _lab.Edge.AddTunnelAsync(TunnelLab.Hostname);
        var request = Request with { Name = "mine" };
        var e = await RefusedAsync(SshTunnelError.HostnameTaken, request, tunnels: 1);
        Assert.Contains($"Remove-SshTunnel '{TunnelLab.Hostname}'", e.Message, StringComparison.Ordinal);
        var tunnel = await _lab.Tunnels.StartAsync(request with { Force = true });
        Assert.Equal(tunnel.Id, Assert.Single(await _lab.RecordsAsync()).TunnelId);
    }

    [Fact]
    public async Task A_route_of_a_tunnel_that_is_gone_is_no_obstacle()
    {
        var zone = await _lab.ZoneIdAsync();
        await _lab.Api.DnsRecords.CreateAsync(zone, new DnsRecord
        {
            Type = "CNAME", Name = TunnelLab.Hostname, Content = $"{Guid.NewGuid():D}.cfargotunnel.com", Proxied = true,
        });
        var tunnel = await _lab.Tunnels.StartAsync(Request);
        Assert.Equal(tunnel.Id, Assert.Single(await _lab.RecordsAsync()).TunnelId);
    }

    [Theory]
    [InlineData("{0}.yml")]
    [InlineData("config.yml")]
    public async Task A_hostname_that_carries_http_by_a_file_here(string name)
    {
        var credentials = await _lab.Edge.AddTunnelAsync(TunnelLab.Hostname);
        Directory.CreateDirectory(_lab.Directory);
        var file = Path.Combine(_lab.Directory, name.Replace("{0}", credentials.TunnelId.ToString("D"), StringComparison.Ordinal));
        await File.WriteAllTextAsync(file, $"""
            tunnel: {credentials.TunnelId:D}
            ingress:
              - hostname: {TunnelLab.Hostname}
                service: http://localhost:8080
              - service: http_status:404
            """);
        var e = await RefusedAsync(SshTunnelError.HostnameTaken, Request, tunnels: 1, files: 1);
        Assert.Contains("http://localhost:8080", e.Message, StringComparison.Ordinal);
        Assert.Contains("one protocol", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tunnel_that_carries_another_hostname_by_a_file_here()
    {
        await _lab.Edge.ProtectAsync("two.example.test");
        var one = await _lab.Tunnels.StartAsync(Request with { Name = "one" });
        await _lab.Tunnels.StopAsync(one, TimeSpan.Zero);
        await RefusedAsync(
            SshTunnelError.TunnelTaken, Request with { Hostname = "two.example.test", Name = "one" }, tunnels: 1, files: 2);
    }

    [Theory]
    [InlineData(TunnelLab.Hostname, "http://localhost:8080", SshTunnelError.HostnameTaken)]
    [InlineData(TunnelLab.Hostname, "ssh://localhost:3333", SshTunnelError.TunnelTaken)]
    [InlineData("other.example.test", "ssh://127.0.0.1:2222", SshTunnelError.TunnelTaken)]
    public async Task A_tunnel_whose_configuration_in_the_account_says_something_else(
        string hostname, string service, SshTunnelError error)
    {
        await ConfigureRemotelyAsync(hostname, service);
        await RefusedAsync(error, Request, tunnels: 1);
    }

    [Fact]
    public async Task But_not_one_whose_configuration_in_the_account_says_the_same()
    {
        await ConfigureRemotelyAsync(TunnelLab.Hostname, Request.Url);
        var tunnel = await _lab.Tunnels.StartAsync(Request);
        await tunnel.WaitAsync(Eventually.Limit);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("""{"AccountTag":"other","TunnelSecret":"AAAA","TunnelID":"11111111-2222-3333-4444-555555555555"}""")]
    public async Task Credentials_here_that_are_not_the_tunnels(string content)
    {
        var credentials = await _lab.Edge.AddTunnelAsync(TunnelLab.Hostname);
        Directory.CreateDirectory(_lab.Directory);
        var file = Path.Combine(_lab.Directory, $"{credentials.TunnelId:D}.json");
        await File.WriteAllTextAsync(file, content);
        var e = await RefusedAsync(SshTunnelError.Credentials, Request, tunnels: 1, files: 1);
        Assert.Contains("Move it away", e.Message, StringComparison.Ordinal);
        Assert.Equal(content, await File.ReadAllTextAsync(file));
    }

    private async Task ConfigureRemotelyAsync(string hostname, string service)
    {
        var credentials = await _lab.Edge.AddTunnelAsync(TunnelLab.Hostname);
        using var config = JsonDocument.Parse(
            $$"""{"ingress":[{"hostname":"{{hostname}}","service":"{{service}}"},{"service":"http_status:404"}]}""");
        await _lab.Api.Tunnels.UpdateConfigurationAsync(_lab.AccountId, credentials.TunnelId, config.RootElement);
    }

    private async Task<SshTunnelException> RefusedAsync(
        SshTunnelError error, SshTunnelRequest request, int tunnels = 0, int files = 0)
    {
        await Assert.ThrowsAsync<SshTunnelException>(() => _lab.Tunnels.PlanAsync(request));
        var e = await Assert.ThrowsAsync<SshTunnelException>(() => _lab.Tunnels.StartAsync(request));
        Assert.Equal(error, e.Error);
        Assert.Equal(tunnels, (await _lab.TunnelsAsync()).Count);
        Assert.Equal(files, _lab.Files().Length);
        Assert.Empty(_lab.Tunnels.Running);
        return e;
    }
}
