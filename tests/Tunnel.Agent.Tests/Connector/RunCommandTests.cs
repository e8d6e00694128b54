using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Tunnel.Protocol.Credentials;
using Tunnel.Testing;

namespace Tunnel.Agent.Tests.Connector;

public sealed class RunCommandTests : IAsyncLifetime
{
    private const string Hostname = "ssh." + EdgeLab.Zone;

    private readonly TemporaryDirectory _directory = new();
    private EdgeLab _lab = null!;
    private TunnelCredentials _credentials = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string[] EdgeArguments =>
        ["--edge", $"127.0.0.1:{_lab.TunnelAddress.Port}", "--cacert", _lab.Edge.CertificateAuthorityFile];

    public async ValueTask InitializeAsync()
    {
        _lab = await EdgeLab.StartAsync();
        _credentials = await _lab.AddTunnelAsync(Hostname);
        await _lab.ProtectAsync(Hostname, EdgeLab.Policy(Tunnel.Access.AccessDecision.Bypass, new Tunnel.Access.EveryoneRule()));
    }

    public async ValueTask DisposeAsync()
    {
        await _lab.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_unit_files_line_written_for_cloudflared_runs_the_tunnel()
    {
        await using var origin = new OriginListener();
        var config = WriteConfiguration(origin.Url);
        await using var agent = RunningAgent.Start(
            ["--no-autoupdate", "--config", config, "--metrics", "localhost:0", "tunnel", "--protocol", "http2", .. EdgeArguments,
                "run", "--loglevel", "info", "--retries", "5"]);
        await AllRegisteredAsync(agent);

        await EchoesAsync();
        agent.Stop();

        Assert.Equal(0, await agent.ExitAsync());
        Assert.Contains("--metrics has no effect", agent.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String(_credentials.TunnelSecret), agent.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_in_the_environment_and_a_url_are_enough()
    {
        await using var origin = new OriginListener();
        await using var agent = RunningAgent.Start(
            ["tunnel", .. EdgeArguments, "run", "--url", origin.Url],
            new Dictionary<string, string> { ["TUNNEL_TOKEN"] = TunnelToken.Format(_credentials) });
        await AllRegisteredAsync(agent);

        await EchoesAsync();
        agent.Stop();

        Assert.Equal(0, await agent.ExitAsync());
        Assert.DoesNotContain(TunnelToken.Format(_credentials), agent.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_file_is_enough_and_a_token_argument_gets_a_warning()
    {
        var file = _directory.File("token");
        await File.WriteAllTextAsync(file, TunnelToken.Format(_credentials) + "\n", Cancellation);
        File.SetUnixFileMode(file, UnixFileMode.UserRead);
        await using var byFile = RunningAgent.Start(["tunnel", "run", .. EdgeArguments, "--ha-connections", "1", "--token-file", file]);
        await byFile.SaysAsync("Connection 0: registered");
        byFile.Stop();

        await using var byArgument = RunningAgent.Start(
            ["tunnel", "run", .. EdgeArguments, "--ha-connections", "1", "--token", TunnelToken.Format(_credentials)]);
        await byArgument.SaysAsync("Connection 0: registered");
        byArgument.Stop();

        Assert.Equal(0, await byFile.ExitAsync());
        Assert.Equal(0, await byArgument.ExitAsync());
        Assert.DoesNotContain("A token in an argument", byFile.Error, StringComparison.Ordinal);
        Assert.Contains("A token in an argument", byArgument.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Credentials_and_configuration_are_found_on_cloudflareds_search_path()
    {
        await using var origin = new OriginListener();
        var folder = Directory.CreateDirectory(_directory.File(".cloudflared")).FullName;
        await File.WriteAllBytesAsync(Path.Combine(folder, $"{_credentials.TunnelId}.json"), _credentials.ToJson(), Cancellation);
        await File.WriteAllTextAsync(Path.Combine(folder, "config.yml"), $"url: {origin.Url}\nprotocol: http2\n", Cancellation);
        await using var agent = RunningAgent.Start(
            ["tunnel", .. EdgeArguments, "run", _credentials.TunnelId.ToString()],
            new Dictionary<string, string> { ["HOME"] = _directory.FullName });
        await AllRegisteredAsync(agent);

        await EchoesAsync();
        agent.Stop();

        Assert.Equal(0, await agent.ExitAsync());
    }

    [Fact]
    public async Task The_service_manager_hears_when_it_is_ready_and_when_it_stops()
    {
        var path = _directory.File("notify");
        using var manager = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        manager.Bind(new UnixDomainSocketEndPoint(path));
        await using var agent = RunningAgent.Start(
            ["tunnel", .. EdgeArguments, "run", "--url", "tcp://localhost:1"],
            new Dictionary<string, string> { ["TUNNEL_TOKEN"] = TunnelToken.Format(_credentials), ["NOTIFY_SOCKET"] = path });

        Assert.Equal("READY=1", await ReceiveAsync(manager));
        agent.Stop();
        Assert.Equal("STOPPING=1", await ReceiveAsync(manager));
        Assert.Equal(0, await agent.ExitAsync());
    }

    [Fact]
    public async Task An_edge_that_refuses_it_for_good_ends_it_with_1()
    {
        var wrong = _credentials with { TunnelSecret = RandomNumberGenerator.GetBytes(32) };
        await using var agent = RunningAgent.Start(
            ["tunnel", .. EdgeArguments, "run", "--url", "tcp://localhost:1"],
            new Dictionary<string, string> { ["TUNNEL_TOKEN"] = TunnelToken.Format(wrong) });

        Assert.Equal(1, await agent.ExitAsync());
        Assert.Contains(" ERR ", agent.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stop_while_the_edge_is_away_is_not_waited_for()
    {
        await using var agent = RunningAgent.Start(
            ["tunnel", "--edge", "127.0.0.1:1", "run", "--url", "tcp://localhost:1"],
            new Dictionary<string, string> { ["TUNNEL_TOKEN"] = TunnelToken.Format(_credentials) });
        await agent.SaysAsync("cannot be reached");

        agent.Stop();

        Assert.Equal(0, await agent.ExitAsync());
    }

    private static async Task<string> ReceiveAsync(Socket socket)
    {
        var buffer = new byte[100];
        var length = await socket.ReceiveAsync(buffer, Cancellation).AsTask().WaitAsync(Eventually.Limit, Cancellation);
        return Encoding.UTF8.GetString(buffer, 0, length);
    }

    private static async Task AllRegisteredAsync(RunningAgent agent)
    {
        for (var index = 0; index < 4; index++)
        {
            await agent.SaysAsync($"Connection {index}: registered");
        }

        Assert.False(agent.HasExited, agent.Error);
    }

    private async Task EchoesAsync()
    {
        await using var stream = await _lab.VisitAsync(Hostname);
        var sent = RandomNumberGenerator.GetBytes(10_000);
        await stream.WriteAsync(sent, Cancellation);
        var received = new byte[sent.Length];
        await stream.ReadExactlyAsync(received, Cancellation);
        Assert.Equal(sent, received);
    }

    private string WriteConfiguration(string url)
    {
        var credentials = _directory.File("credentials.json");
        File.WriteAllBytes(credentials, _credentials.ToJson());
        File.SetUnixFileMode(credentials, UnixFileMode.UserRead);
        var file = _directory.File("config.yml");
        File.WriteAllText(file, $"""
            tunnel: {_credentials.TunnelId}
            credentials-file: {credentials}
            ingress:
              - hostname: {Hostname}
                service: {url}
              - service: http_status:404
            """);
        return file;
    }
}
