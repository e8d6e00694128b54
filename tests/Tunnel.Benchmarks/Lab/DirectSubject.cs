using System.Globalization;
using System.Net.Sockets;

namespace Tunnel.Benchmarks.Lab;

/// <summary>No tunnel at all.</summary>
internal sealed class DirectSubject(int originPort, int sshPort) : Subject(SubjectKind.Direct)
{
    public override IReadOnlyList<string> SshOptions { get; } =
        ["-o", "HostName=127.0.0.1", "-p", sshPort.ToString(CultureInfo.InvariantCulture)];

    public override async Task<Stream> OpenAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync("127.0.0.1", originPort, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public override Task<Stream> OpenAnotherAsync(CancellationToken cancellationToken) => OpenAsync(cancellationToken);
}
