using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Tunnel.Core.Api;
using Tunnel.Testing;

namespace Tunnel.Agent.Tests.Access;

public sealed class StreamCommandTests : IAsyncLifetime
{
    private const string Hostname = "ssh." + EdgeLab.Zone;

    private EdgeLab _lab = null!;
    private ServiceToken _token = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string[] Arguments =>
    [
        "access", "ssh", "--hostname", Hostname, "--connect-to", $"127.0.0.1:{_lab.PublicAddress.Port}",
        "--cacert", _lab.Edge.CertificateAuthorityFile,
    ];

    private Dictionary<string, string> Token => new()
    {
        ["TUNNEL_SERVICE_TOKEN_ID"] = _token.ClientId!,
        ["TUNNEL_SERVICE_TOKEN_SECRET"] = _token.ClientSecret!,
    };

    public async ValueTask InitializeAsync()
    {
        _lab = await EdgeLab.StartAsync();
        _token = await _lab.ProtectWithTokenAsync(Hostname);
    }

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task Every_byte_goes_there_and_back_and_the_end_of_the_input_ends_it()
    {
        await using var origin = new OriginListener();
        await _lab.PublishAsync(Hostname, origin.Url);
        await using var agent = RunningAgent.Start(Arguments, Token);
        var sent = RandomNumberGenerator.GetBytes((8 << 20) + 3);

        var sending = SendAsync();
        using var received = new MemoryStream();
        await agent.Output.CopyToAsync(received, Cancellation);

        await sending;
        Assert.Equal(0, await agent.ExitAsync());
        Assert.Equal(SHA256.HashData(sent), SHA256.HashData(received.ToArray()));
        Assert.Empty(agent.Error);

        async Task SendAsync()
        {
            await agent.Input.WriteAsync(sent, Cancellation);
            agent.Input.Close();
        }
    }

    [Fact]
    public async Task When_the_far_end_closes_it_ends_with_all_of_it_though_its_input_is_open()
    {
        var sent = RandomNumberGenerator.GetBytes(4 << 20);
        await using var origin = new OriginListener(async (socket, cancellation) =>
        {
            await using var stream = new NetworkStream(socket);
            await stream.WriteAsync(sent, cancellation);
            socket.Shutdown(SocketShutdown.Both);
        });
        await _lab.PublishAsync(Hostname, origin.Url);
        await using var agent = RunningAgent.Start(Arguments, Token);

        using var received = new MemoryStream();
        await agent.Output.CopyToAsync(received, Cancellation);

        Assert.Equal(0, await agent.ExitAsync());
        Assert.Equal(SHA256.HashData(sent), SHA256.HashData(received.ToArray()));
    }

    [Fact]
    public async Task Without_a_token_it_says_what_to_do_and_the_service_sees_nothing()
    {
        await using var origin = new OriginListener();
        await _lab.PublishAsync(Hostname, origin.Url);

        var result = await RunningAgent.RunAsync(Arguments);

        Assert.Equal(1, result.ExitCode);
        Assert.Empty(result.Output);
        Assert.StartsWith("tunnel-agent: ssh.example.test", result.Error, StringComparison.Ordinal);
        Assert.Contains("token", result.Error, StringComparison.Ordinal);
        Assert.Equal(0, origin.Connections);
    }

    [Fact]
    public async Task A_token_file_of_ones_own_is_taken()
    {
        await using var origin = new OriginListener();
        await _lab.PublishAsync(Hostname, origin.Url);
        using var directory = new TemporaryDirectory();

        var result = await RunningAgent.RunAsync([.. Arguments, "--service-token-file", WriteTokenFile(directory, "600")]);

        Assert.Equal((0, "", ""), (result.ExitCode, result.Output, result.Error));
    }

    [Fact]
    public async Task A_token_file_that_others_can_read_is_refused()
    {
        using var directory = new TemporaryDirectory();
        var file = WriteTokenFile(directory, "640");

        var result = await RunningAgent.RunAsync([.. Arguments, "--service-token-file", file]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains($"chmod 600 '{file}'", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_in_an_argument_works_with_a_warning_and_in_Gos_form()
    {
        await using var origin = new OriginListener();
        await _lab.PublishAsync(Hostname, origin.Url);

        var result = await RunningAgent.RunAsync(
            [.. Arguments, "-id", _token.ClientId!, "-secret=" + _token.ClientSecret!, "--loglevel", "info", "--logfile", "/dev/null"]);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("warning", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(_token.ClientSecret!, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_of_an_unknown_authority_is_refused()
    {
        await using var origin = new OriginListener();
        await _lab.PublishAsync(Hostname, origin.Url);

        var result = await RunningAgent.RunAsync([.. Arguments[..^2]]);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("not trusted", result.Error, StringComparison.Ordinal);
        Assert.Equal(0, origin.Connections);
    }

    [Fact]
    public async Task A_signal_ends_it_at_once_as_it_ends_any_tool()
    {
        await using var origin = new OriginListener();
        await _lab.PublishAsync(Hostname, origin.Url);
        await using var agent = RunningAgent.Start(Arguments, Token);
        await agent.Input.WriteAsync(new byte[10], Cancellation);
        await agent.Input.FlushAsync(Cancellation);
        await agent.Output.ReadExactlyAsync(new byte[10], Cancellation);

        agent.Stop();

        Assert.Equal(128 + 15, await agent.ExitAsync());
        Assert.Empty(agent.Error);
    }

    [Fact]
    public async Task A_reader_that_is_gone_ends_it_quietly()
    {
        await using var origin = new OriginListener();
        await _lab.PublishAsync(Hostname, origin.Url);
        await using var agent = RunningAgent.Start(Arguments, Token);
        await agent.Input.WriteAsync(new byte[10], Cancellation);
        await agent.Input.FlushAsync(Cancellation);
        await agent.Output.ReadExactlyAsync(new byte[10], Cancellation);

        agent.Output.Close();
        await agent.Input.WriteAsync(new byte[10], Cancellation);
        await agent.Input.FlushAsync(Cancellation);

        Assert.Equal(141, await agent.ExitAsync());
        Assert.Empty(agent.Error);
    }

    [Fact]
    public async Task With_a_url_it_serves_a_local_port()
    {
        await using var origin = new OriginListener();
        await _lab.PublishAsync(Hostname, origin.Url);
        await using var agent = RunningAgent.Start([.. Arguments, "--url", "tcp://127.0.0.1:0"], Token);
        await agent.SaysAsync("listening on");
        var port = int.Parse(agent.Error.Split("127.0.0.1:")[1].Split(' ')[0], CultureInfo.InvariantCulture);

        await Task.WhenAll(Enumerable.Range(0, 5).Select(async _ =>
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port, Cancellation);
            var sent = RandomNumberGenerator.GetBytes(100_000);
            var stream = client.GetStream();
            await stream.WriteAsync(sent, Cancellation);
            client.Client.Shutdown(SocketShutdown.Send);
            using var received = new MemoryStream();
            await stream.CopyToAsync(received, Cancellation);
            Assert.Equal(sent, received.ToArray());
        }));
        agent.Stop();

        Assert.Equal(0, await agent.ExitAsync());
        Assert.Equal(5, origin.Connections);
    }

    [Fact]
    public async Task A_local_port_is_closed_by_a_hang_up_and_what_is_open_there_may_end_in_order()
    {
        IgnoredSignals.SkipIfIgnored(IgnoredSignals.HangUp);
        await using var origin = new OriginListener();
        await _lab.PublishAsync(Hostname, origin.Url);
        await using var agent = RunningAgent.Start([.. Arguments, "--url", "127.0.0.1:0"], Token);
        await agent.SaysAsync("listening on");
        var port = int.Parse(agent.Error.Split("127.0.0.1:")[1].Split(' ')[0], CultureInfo.InvariantCulture);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, Cancellation);
        var stream = client.GetStream();
        await stream.WriteAsync(new byte[10], Cancellation);
        await stream.ReadExactlyAsync(new byte[10], Cancellation);

        agent.Stop(RunningAgent.HangUp);
        await agent.SaysAsync("stopping; 1 open");

        using var late = new TcpClient();
        await Assert.ThrowsAnyAsync<SocketException>(() => late.ConnectAsync(IPAddress.Loopback, port, Cancellation).AsTask());
        var sent = RandomNumberGenerator.GetBytes(100_000);
        var sending = stream.WriteAsync(sent, Cancellation).AsTask();
        var received = new byte[sent.Length];
        await stream.ReadExactlyAsync(received, Cancellation);
        await sending;
        Assert.Equal(sent, received);
        client.Client.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, await agent.ExitAsync());
    }

    [Fact]
    public async Task A_second_signal_ends_what_is_open_at_a_local_port()
    {
        await using var origin = new OriginListener();
        await _lab.PublishAsync(Hostname, origin.Url);
        await using var agent = RunningAgent.Start([.. Arguments, "--url", "127.0.0.1:0"], Token);
        await agent.SaysAsync("listening on");
        var port = int.Parse(agent.Error.Split("127.0.0.1:")[1].Split(' ')[0], CultureInfo.InvariantCulture);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, Cancellation);
        await client.GetStream().WriteAsync(new byte[10], Cancellation);
        await client.GetStream().ReadExactlyAsync(new byte[10], Cancellation);

        agent.Stop();
        await agent.SaysAsync("stopping; 1 open");
        agent.Stop();

        Assert.Equal(0, await agent.ExitAsync());
        Assert.DoesNotContain("Unhandled", agent.Error, StringComparison.Ordinal);
    }

    private string WriteTokenFile(TemporaryDirectory directory, string mode)
    {
        var file = directory.File("token");
        File.WriteAllText(file, string.Concat(Token.Select(line => $"{line.Key}={line.Value}\n")));
        File.SetUnixFileMode(file, (UnixFileMode)Convert.ToInt32(mode, 8));
        return file;
    }
}
