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

    /// <summary>How long open streams may go on after a stop was asked for.</summary>
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(10);

    /// <summary>Runs until a signal asks it to stop. A second one, or the end of the grace, ends what is still open.</summary>
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
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(signals.AtOnce);
        var streams = await AcceptAsync(listener, settings, signals.Stopping, ending.Token).ConfigureAwait(false);
        listener.Stop();
        if (streams.Count > 0)
        {
            await SayAsync($"stopping; {streams.Count} open may go on for {s_grace.TotalSeconds:0} s").ConfigureAwait(false);
            ending.CancelAfter(s_grace);
            await Task.WhenAll(streams).ConfigureAwait(false);
        }

        return ExitCode.Ok;
    }

    /// <returns>The streams that are still open.</returns>
    private static async Task<List<Task>> AcceptAsync(
        TcpListener listener, StreamSettings settings, CancellationToken stopping, CancellationToken ending)
    {
        var streams = new List<Task>();
        while (true)
        {
            try
            {
                var socket = await listener.AcceptSocketAsync(stopping).ConfigureAwait(false);
                streams.Add(ServeAsync(socket, settings, ending));
                streams.RemoveAll(static stream => stream.IsCompleted);
            }
            catch (OperationCanceledException)
            {
                streams.RemoveAll(static stream => stream.IsCompleted);
                return streams;
            }
            catch (SocketException error)
            {
                await SayAsync($"a connection could not be accepted: {error.Message}").ConfigureAwait(false);
                await Task.Delay(s_breath, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private static async Task ServeAsync(Socket socket, StreamSettings settings, CancellationToken cancellationToken)
    {
        // The socket is closed in every case.
        using var closing = socket;
        try
        {
            socket.NoDelay = true;
            using var local = new NetworkStream(socket, ownsSocket: true);
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
        catch (Exception error) when (error is IOException or SocketException)
        {
            await SayAsync(error.Message).ConfigureAwait(false);
        }
    }

    private static Task SayAsync(string message) => Console.Error.WriteLineAsync("tunnel-agent: " + message);
}
