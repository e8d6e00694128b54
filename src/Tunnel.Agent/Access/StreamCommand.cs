using System.Globalization;
using Tunnel.Agent.CommandLine;
using Tunnel.Core.Client;

namespace Tunnel.Agent.Access;

/// <summary>Runs <c>access ssh</c>: between ssh and the service, or between a local port and the service.</summary>
internal static class StreamCommand
{
    /// <summary>Close codes with which a far end ends in order (RFC 6455, section 7.4.1).</summary>
    private static ReadOnlySpan<int> OrderlyCodes => [1000, 1001, 1005];

    public static Task<int> RunAsync(StreamSettings settings) =>
        settings.Listener is null ? RelayAsync(settings) : LocalListener.RunAsync(settings);

    /// <remarks>
    /// SIGTERM, SIGINT and SIGHUP end the program where it stands, as they end any tool in a pipe: nothing of it needs
    /// to be put in order, and ssh sends SIGHUP when it has no more use for it.
    /// </remarks>
    private static async Task<int> RelayAsync(StreamSettings settings)
    {
        try
        {
            var stream = await VisitorStream.ConnectAsync(settings, CancellationToken.None).ConfigureAwait(false);
            await using var closing = stream.ConfigureAwait(false);
            if (settings.IsDebug)
            {
                await SayAsync($"connected with {settings.Client.Address}").ConfigureAwait(false);
            }

            var ending = await AccessRelay.RunAsync(stream, StandardStream.OpenInput(), StandardStream.OpenOutput())
                .ConfigureAwait(false);
            return await ReportAsync(ending, stream.CloseCode).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Error;
        }
        catch (IOException error)
        {
            await SayAsync(error.Message).ConfigureAwait(false);
            return ExitCode.Error;
        }
    }

    private static async Task<int> ReportAsync(RelayEnding ending, int? closeCode)
    {
        switch (ending)
        {
            case RelayEnding.OutputGone:
                return ExitCode.BrokenPipe;
            case RelayEnding.TimedOut:
                await SayAsync("the far end did not close in time after the end of the input").ConfigureAwait(false);
                return ExitCode.Error;
            default:
                if (closeCode is { } code && !OrderlyCodes.Contains(code))
                {
                    await SayAsync(string.Create(CultureInfo.InvariantCulture, $"the far end broke off (WebSocket close code {code})"))
                        .ConfigureAwait(false);
                    return ExitCode.Error;
                }

                return ExitCode.Ok;
        }
    }

    private static Task SayAsync(string message) => Console.Error.WriteLineAsync("tunnel-agent: " + message);
}
