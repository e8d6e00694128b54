using System.Net.Sockets;
using Tunnel.Agent.CommandLine;
using Tunnel.Agent.Service;
using Tunnel.Core.Client;

namespace Tunnel.Agent.Access;

/// <summary>Serves a local port: each connection becomes a stream to the service.</summary>
internal static class LocalListener
{
    /// <summary>How long to wait when the system has no descriptor left for another connection.</summary>
    private static readonly TimeSpan s_breath = TimeSpan.FromMilliseconds(100);

    /// <summary>Runs until SIGTERM or SIGINT.</summary>
    public static async Task<int> RunAsync(StreamSettings settings)
    {
        using var signals = new StopSignals();
        using var listener = new TcpListener(settings.Listener!);
        try
        {
            listener.Start();
        }
        catch (SocketException error)
        {
            await SayAsync($"{settings.Listener} cannot be listened on: {error.Message}").ConfigureAwait(false);
            return ExitCode.Error;
        }

        await SayAsync($"listening on {listener.LocalEndpoint} for {settings.Client.Address}").ConfigureAwait(false);
        while (!signals.Stopping.IsCancellationRequested)
        {
            try
            {
                var socket = await listener.AcceptSocketAsync(signals.Stopping).ConfigureAwait(false);
                _ = ServeAsync(socket, settings, signals.Stopping);
            }
            catch (OperationCanceledException)
            {
                break;
            }
            catch (SocketException error)
            {
                await SayAsync($"a connection could not be accepted: {error.Message}").ConfigureAwait(false);
                await Task.Delay(s_breath, CancellationToken.None).ConfigureAwait(false);
            }
        }

        return ExitCode.Ok;
    }

    private static async Task ServeAsync(Socket socket, StreamSettings settings, CancellationToken cancellationToken)
    {
        // Outside of what may fail: the socket is closed in every case.
        using var local = new NetworkStream(socket, ownsSocket: true);
        try
        {
            socket.NoDelay = true;
            var stream = await VisitorStream.ConnectAsync(settings, cancellationToken).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                await AccessRelay.RunAsync(stream, local, local, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The program stops.
        }
        catch (IOException error)
        {
            await SayAsync(error.Message).ConfigureAwait(false);
        }
    }

    private static Task SayAsync(string message) => Console.Error.WriteLineAsync("tunnel-agent: " + message);
}
