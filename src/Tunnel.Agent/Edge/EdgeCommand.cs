using System.CommandLine;
using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging;
using Tunnel.Agent.CommandLine;
using Tunnel.Agent.Service;
using Tunnel.Edge;
using Tunnel.Edge.Store;

namespace Tunnel.Agent.Edge;

/// <summary><c>tunnel-agent edge run</c>: an edge of one's own.</summary>
internal static class EdgeCommand
{
    public static Command Create()
    {
        var state = AgentOption.Text("state-directory", "The edge's own folder: store, keys, certificate authority.", "STATE_DIRECTORY");
        var tunnels = AgentOption.Text("tunnel-address", "Where connectors dial in: IP:PORT; a free port of 127.0.0.1.");
        var visitors = AgentOption.Text("public-address", "Where visitors come: IP:PORT; a free port of 127.0.0.1.");
        var api = AgentOption.Text("api-address", "Where the API is served: IP:PORT; a free port of 127.0.0.1. Keep it from visitors.");
        var team = AgentOption.Text("team-domain", "The host that signs people in; used at the first start.");
        var account = AgentOption.Text("account-name", "The account's name; used at the first start.");
        var level = AgentOption.Text("loglevel", "debug, info, warn, error or fatal.", "TUNNEL_LOGLEVEL");
        var run = new Command("run", "Run an edge until SIGTERM or SIGINT.") { state, tunnels, visitors, api, team, account, level };
        var signIn = new SignInOptions();
        signIn.AddTo(run);
        var policies = new PolicyOptions();
        policies.AddTo(run);
        run.SetAction((result, _) =>
        {
            var options = new EdgeOptions
            {
                StateDirectory = result.GetValue(state) ?? throw new UsageException("Give the edge's folder with --state-directory."),
                LoggerFactory = new StandardErrorLoggerFactory(StandardErrorLoggerFactory.Parse(result.GetValue(level))),
            };
            return RunAsync(policies.Apply(signIn.Apply(options, result), result) with
            {
                TunnelAddress = ReadAddress(tunnels, result) ?? options.TunnelAddress,
                PublicAddress = ReadAddress(visitors, result) ?? options.PublicAddress,
                ApiAddress = ReadAddress(api, result) ?? options.ApiAddress,
                TeamDomain = result.GetValue(team) ?? options.TeamDomain,
                AccountName = result.GetValue(account) ?? options.AccountName,
            });
        });
        return new Command("edge", "Run an edge of one's own.") { run };
    }

    private static async Task<int> RunAsync(EdgeOptions options)
    {
        using var signals = new StopSignals();
        var log = options.LoggerFactory.CreateLogger("");
        try
        {
            var edge = await EmbeddedEdge.StartAsync(options, signals.Stopping).ConfigureAwait(false);
            await using (edge.ConfigureAwait(false))
            {
                Describe(edge);
                ServiceNotifier.Ready();
                await signals.WaitAsync().ConfigureAwait(false);
                ServiceNotifier.Stopping();
            }

            return ExitCode.Ok;
        }
        catch (OperationCanceledException) when (signals.Stopping.IsCancellationRequested)
        {
            return ExitCode.Ok;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or EdgeStoreException)
        {
            log.LogError("The edge cannot start: {Reason}", error.Message);
            return ExitCode.Error;
        }
    }

    /// <summary>Says where everything is. The token itself is for nobody's terminal or log.</summary>
    private static void Describe(EmbeddedEdge edge)
    {
        Console.Out.WriteLine($"tunnel-address {edge.TunnelEndPoint}");
        Console.Out.WriteLine($"public-address {edge.PublicEndPoint}");
        Console.Out.WriteLine($"api-address    {edge.ApiAddress}");
        Console.Out.WriteLine($"account-id     {edge.AccountId}");
        Console.Out.WriteLine($"api-token-file {edge.ApiTokenFile}");
        Console.Out.WriteLine($"cacert         {edge.CertificateAuthorityFile}");
    }

    private static IPEndPoint? ReadAddress(Option<string?> option, ParseResult result)
    {
        if (result.GetValue(option) is not { } text)
        {
            return null;
        }

        // Without a port, IPEndPoint reads port 0, which would be a surprise.
        var colon = text.LastIndexOf(':');
        return colon > 0 && IPEndPoint.TryParse(text.StartsWith("localhost:", StringComparison.Ordinal) ? "127.0.0.1" + text[colon..] : text, out var address)
            && ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && address.Port == port
            ? address
            : throw new UsageException($"{option.Name} {text}: give IP:PORT.");
    }
}
