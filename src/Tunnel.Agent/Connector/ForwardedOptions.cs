using System.CommandLine;
using Tunnel.Agent.CommandLine;

namespace Tunnel.Agent.Connector;

/// <summary>
/// Options that a unit file written for cloudflared may hold and that have nothing to act on here. Those that would
/// change what is served are refused: to leave them out silently would publish something else than was asked for.
/// </summary>
internal static class ForwardedOptions
{
    private static readonly string[] s_flags =
    [
        "no-autoupdate", "no-prechecks", "is-autoupdated", "ui", "quic-disable-pmtu-discovery", "management-diagnostics",
        "use-reconnect-token", "no-tls-verify", "no-chunked-encoding", "http2-origin", "proxy-no-happy-eyeballs",
    ];

    private static readonly string[] s_values =
    [
        "autoupdate-freq", "metrics-update-freq", "retries", "max-edge-addr-retries", "rpc-timeout",
        "write-stream-timeout", "quic-connection-level-flow-control-limit", "quic-stream-level-flow-control-limit", "label",
        "compression-quality", "heartbeat-interval", "heartbeat-count", "dial-edge-timeout", "edge-ip-version",
        "transport-loglevel", "output", "management-hostname", "service-op-ip", "max-fetch-size",
        "quick-service", "proxy-connect-timeout", "proxy-tls-timeout", "proxy-tcp-keepalive", "proxy-keepalive-connections",
        "proxy-keepalive-timeout", "proxy-connection-timeout", "proxy-expect-continue-timeout", "http-host-header",
        "origin-server-name", "origin-ca-pool", "api-key", "api-email", "api-ca-key", "lb-pool", "id", "local-ssh-port",
        "ssh-idle-timeout", "ssh-max-timeout", "bucket-name", "region-name", "secret-id", "access-key-id",
        "session-token", "s3-url-host", "host-key-path", "proxy-address", "proxy-port", "icmpv4-src", "icmpv6-src",
        "max-active-flows", "dns-resolver-addrs",
    ];

    private static readonly Dictionary<string, string> s_warnings = new()
    {
        ["metrics"] = "no metrics are served",
        ["logfile"] = "the log goes to standard error",
        ["log-directory"] = "the log goes to standard error",
        ["trace-output"] = "there is no trace",
        ["region"] = "the edge's addresses of every region are used",
        ["edge-bind-address"] = "the system chooses the address to dial from",
        ["tag"] = "no tags are sent",
        ["features"] = "there are no features to choose from",
        ["hostname"] = "route the name with the API or the module's cmdlets",
    };

    private static readonly string[] s_refusedFlags = ["hello-world", "socks5", "bastion", "ssh-server", "stdin-control", "post-quantum"];

    private static readonly string[] s_refusedValues = ["unix-socket", "name"];

    private static readonly Dictionary<string, string> s_aliases = new()
    {
        ["features"] = "-F",
        ["name"] = "-n",
        ["post-quantum"] = "--pq",
    };

    public static IReadOnlyList<Option> Create() =>
    [
        .. s_flags.Select(Flag), .. s_values.Concat(s_warnings.Keys).Select(Value),
        .. s_refusedFlags.Select(Flag), .. s_refusedValues.Select(Value),
    ];

    /// <summary>What a user should know about those that the command line gives.</summary>
    /// <exception cref="UsageException">One of them cannot be left out.</exception>
    public static IEnumerable<string> Warnings(ParseResult result, IEnumerable<Option> options)
    {
        foreach (var option in options.Where(option => result.IsGiven(option)))
        {
            var name = option.Name[2..];
            if (s_refusedFlags.Contains(name) || s_refusedValues.Contains(name))
            {
                throw new UsageException($"{option.Name} is cloudflared's; tunnel-agent has nothing of the kind.");
            }

            if (s_warnings.TryGetValue(name, out var warning))
            {
                yield return $"{option.Name} has no effect: {warning}.";
            }
        }
    }

    private static Option Flag(string name) => Alias(new Option<bool>("--" + name) { Hidden = true }, name);

    private static Option Value(string name) => Alias(
        new Option<string[]>("--" + name) { Hidden = true, Arity = ArgumentArity.OneOrMore, AllowMultipleArgumentsPerToken = false }, name);

    private static Option Alias(Option option, string name)
    {
        if (s_aliases.TryGetValue(name, out var alias))
        {
            option.Aliases.Add(alias);
        }

        return option;
    }
}
