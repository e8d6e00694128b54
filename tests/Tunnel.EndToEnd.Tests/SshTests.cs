using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests;

/// <summary>The main job: OpenSSH's own programs, through a real edge, past Access, to a real sshd.</summary>
public sealed class SshTests(SshTests.Fixture fixture) : IClassFixture<SshTests.Fixture>
{
    private const int MiB = 1024 * 1024;

    private SshThroughTunnel Ssh => fixture.Ssh;

    [Fact]
    public async Task A_command_runs_and_its_output_errors_and_exit_code_arrive()
    {
        var result = await Ssh.SshAsync("echo to-output; echo to-error >&2; exit 42");

        Assert.Equal((42, "to-output\n"), (result.ExitCode, result.Output));
        Assert.Contains("to-error\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Standard_input_arrives_whole_and_its_end_is_seen()
    {
        var text = string.Concat(Enumerable.Repeat("0123456789abcdef", 64 * 1024));

        var result = await Ssh.SshAsync("sha256sum", input: text);

        Assert.StartsWith(Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(text))), result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_256_MiB_goes_up_and_comes_down_unchanged()
    {
        using var directory = new TemporaryDirectory();
        var original = directory.File("original");
        await using (var file = File.Create(original))
        {
            var block = new byte[MiB];
            for (var i = 0; i < 256; i++)
            {
                RandomNumberGenerator.Fill(block);
                await file.WriteAsync(block);
            }
        }

        var result = await Ssh.SftpAsync(
            $"put {original} {directory.File("up")}\nget {directory.File("up")} {directory.File("down")}\n", TimeSpan.FromMinutes(3));

        Assert.True(result.ExitCode == 0, result.Error);
        var expected = await HashAsync(original);
        Assert.Equal(expected, await HashAsync(directory.File("up")));
        Assert.Equal(expected, await HashAsync(directory.File("down")));
    }

    [Fact]
    public async Task Fifty_sessions_run_at_once()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 50)
            .Select(i => Ssh.SshAsync($"echo session {i}; exit {i}", TimeSpan.FromMinutes(3))));

        Assert.All(results, (result, i) => Assert.True(
            (result.ExitCode, result.Output) == (i, $"session {i}\n"), $"session {i}: {result}"));
    }

    [Fact]
    public async Task A_forwarded_port_carries_connections()
    {
        await using var echo = new OriginListener();
        var port = LoopbackPort.Next();
        using var directory = new TemporaryDirectory();
        var end = directory.File("end");
        var session = Ssh.SshAsync($"until [ -e {end} ]; do sleep 0.1; done", options: ["-o", "ExitOnForwardFailure=yes", "-L", $"127.0.0.1:{port}:127.0.0.1:{echo.Port}"]);
        using var client = new TcpClient();
        await Eventually.True(() => TryConnect(client, port), "ssh listens on the forwarded port");
        var message = RandomNumberGenerator.GetBytes(100_000);
        var stream = client.GetStream();
        var writing = stream.WriteAsync(message);
        var answer = new byte[message.Length];
        await stream.ReadExactlyAsync(answer);
        await writing;

        Assert.Equal(message, answer);
        client.Close();
        await File.WriteAllTextAsync(end, "");
        Assert.Equal(0, (await session).ExitCode);
    }

    [Fact]
    public async Task A_session_that_is_idle_for_a_minute_goes_on()
    {
        var result = await Ssh.SshAsync("echo before; sleep 61; echo after", TimeSpan.FromMinutes(2));

        Assert.Equal("before\nafter\n", result.Output);
    }

    private static bool TryConnect(TcpClient client, int port)
    {
        try
        {
            client.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static async Task<string> HashAsync(string path)
    {
        await using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file));
    }

    public sealed class Fixture : IAsyncLifetime
    {
        public SshThroughTunnel Ssh { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Ssh = await SshThroughTunnel.StartAsync();

        public ValueTask DisposeAsync() => Ssh?.DisposeAsync() ?? default;
    }
}
