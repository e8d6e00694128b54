using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Tunnel.Core.Api;

namespace Tunnel.Benchmarks.Lab;

/// <summary><c>tunnel-agent edge run</c> on three free loopback ports, and its API.</summary>
internal sealed class EdgeProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(30);

    private readonly string _program;
    private readonly string _stateDirectory;
    private readonly int _apiPort;
    private ChildProcess? _process;

    private EdgeProcess(string program, string stateDirectory)
    {
        (_program, _stateDirectory) = (program, stateDirectory);
        // Fixed, because a restarted edge has to be where the connectors know it to be.
        (TunnelPort, PublicPort, _apiPort) = FreePorts();
    }

    public int Id => _process!.Id;

    public int TunnelPort { get; }

    public int PublicPort { get; }

    public string CertificateAuthorityFile => Path.Combine(_stateDirectory, "ca.pem");

    public X509Certificate2Collection Authorities { get; } = [];

    public TunnelApiClient Api { get; private set; } = null!;

    public string AccountId { get; private set; } = "";

    public static async Task<EdgeProcess> StartAsync(string program, string stateDirectory, CancellationToken cancellationToken)
    {
        var edge = new EdgeProcess(program, stateDirectory);
        try
        {
            await edge.RunAsync(cancellationToken);
            edge.Authorities.ImportFromPemFile(edge.CertificateAuthorityFile);
            edge.Api = new TunnelApiClient(new TunnelApiOptions
            {
                BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{edge._apiPort}/client/v4/")),
                ApiToken = (await File.ReadAllTextAsync(Path.Combine(stateDirectory, "api-token"), cancellationToken)).Trim(),
                CertificateAuthorities = edge.Authorities,
            });
            edge.AccountId = (await edge.Api.Accounts.ListAsync(cancellationToken: cancellationToken).FirstAsync(cancellationToken)).Id;
            return edge;
        }
        catch
        {
            await edge.DisposeAsync();
            throw;
        }
    }

    /// <summary>Kills the edge and starts it on the same ports and state; returns when all of them accept connections.</summary>
    public async Task RestartAsync(Action starting, CancellationToken cancellationToken)
    {
        await _process!.DisposeAsync();
        starting();
        await RunAsync(cancellationToken);
    }

    /// <summary>How many connections of the tunnel's connectors are registered now.</summary>
    public async Task<int> RegisteredAsync(Guid tunnelId, CancellationToken cancellationToken) =>
        (await Api.Tunnels.GetAsync(AccountId, tunnelId, cancellationToken)).Connections?.Count ?? 0;

    public async ValueTask DisposeAsync()
    {
        Api?.Dispose();
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        _process = ChildProcess.Start(_program,
        [
            "edge", "run", "--state-directory", _stateDirectory,
            "--tunnel-address", Loopback(TunnelPort), "--public-address", Loopback(PublicPort), "--api-address", Loopback(_apiPort),
        ]);
        await Waiting.UntilAsync(
            async () => _process.HasExited
                ? throw new InvalidOperationException("The edge did not start:\n" + _process.Log)
                : await AnswersAsync(TunnelPort, cancellationToken) && await AnswersAsync(PublicPort, cancellationToken)
                    && await AnswersAsync(_apiPort, cancellationToken),
            "the edge listens", s_startLimit, cancellationToken);
    }

    private static string Loopback(int port) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");

    private static async Task<bool> AnswersAsync(int port, CancellationToken cancellationToken)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync("127.0.0.1", port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static (int, int, int) FreePorts()
    {
        using TcpListener first = new(IPAddress.Loopback, 0), second = new(IPAddress.Loopback, 0), third = new(IPAddress.Loopback, 0);
        first.Start();
        second.Start();
        third.Start();
        return (Port(first), Port(second), Port(third));

        static int Port(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
