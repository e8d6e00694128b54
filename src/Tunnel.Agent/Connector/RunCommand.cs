using System.Globalization;
using Microsoft.Extensions.Logging;
using Tunnel.Agent.CommandLine;
using Tunnel.Agent.Service;
using Tunnel.Core.Connector;

namespace Tunnel.Agent.Connector;

/// <summary>Runs <c>tunnel run</c>: a connector until it is told to stop or refused for good.</summary>
internal static class RunCommand
{
    public static async Task<int> RunAsync(RunSettingsReader reader, string? tunnel)
    {
        using var signals = new StopSignals();
        RunSettings settings;
        try
        {
            settings = await reader.ReadAsync(tunnel, signals.Stopping).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Ok;
        }

        var log = settings.Connector.LoggerFactory.CreateLogger("");
        log.LogInformation("tunnel-agent {Version} runs the tunnel {Tunnel}", AgentVersion.Number, settings.Connector.Credentials.TunnelId);
        var connector = new TunnelConnector(settings.Connector);
        await using var closing = connector.ConfigureAwait(false);
        await connector.StartAsync(signals.Stopping).ConfigureAwait(false);
        _ = AnnounceAsync(connector, settings.PidFile, log, signals.Stopping);

        await Task.WhenAny(connector.Completion, signals.WaitAsync()).ConfigureAwait(false);
        if (connector.Completion.IsFaulted)
        {
            log.LogError("The tunnel cannot run: {Reason}", connector.Completion.Exception!.InnerException!.Message);
            return ExitCode.Error;
        }

        ServiceNotifier.Stopping();
        await connector.StopAsync(cancellationToken: signals.AtOnce).ConfigureAwait(false);
        return ExitCode.Ok;
    }

    private static async Task AnnounceAsync(TunnelConnector connector, string? pidFile, ILogger log, CancellationToken cancellationToken)
    {
        try
        {
            await connector.WaitUntilHealthyAsync(1, cancellationToken).ConfigureAwait(false);
            ServiceNotifier.Ready();
            if (pidFile is not null)
            {
                await File.WriteAllTextAsync(pidFile, Environment.ProcessId.ToString(CultureInfo.InvariantCulture), cancellationToken)
                    .ConfigureAwait(false);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            log.LogWarning("The pid file cannot be written: {Reason}", error.Message);
        }
        catch (Exception error) when (error is OperationCanceledException or ConnectorException)
        {
            // Stopped, or refused, before it was up.
        }
    }
}
