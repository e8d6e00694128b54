using Tunnel.Core.Applications;
using Tunnel.Protocol.Configuration;

namespace Tunnel.Core.Tunnels;

/// <summary>One hostname serves one protocol: a client that knows only the name must know what answers.</summary>
internal static class HostnameProtocols
{
    /// <summary>Checks the rules of every hostname.</summary>
    /// <exception cref="ResourceConflictException">One of them has rules of two protocols.</exception>
    public static void Check(IngressRules rules)
    {
        foreach (var hostname in rules.Select(static r => r.Hostname).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase))
        {
            Check(rules, hostname);
        }
    }

    /// <summary>Checks the rules of one hostname.</summary>
    /// <exception cref="ResourceConflictException">They are of two protocols.</exception>
    public static void Check(IngressRules rules, string hostname)
    {
        var services = rules
            .Where(r => string.Equals(r.Hostname, hostname, StringComparison.OrdinalIgnoreCase))
            .Select(static r => r.Service)
            .Where(static s => s.Kind != OriginServiceKind.HttpStatus)
            .DistinctBy(static s => Protocol(s))
            .ToArray();
        if (services.Length > 1)
        {
            throw new ResourceConflictException(
                $"{hostname} has rules of several protocols ({string.Join(", ", services.Select(static s => s.ToString()))}), "
                + "and a hostname carries one protocol. Give each its own hostname.");
        }
    }

    /// <summary>Whether a rule's hostname stands for this one.</summary>
    public static bool Covers(string pattern, string hostname) =>
        string.Equals(pattern, hostname, StringComparison.OrdinalIgnoreCase)
        || pattern == "*"
        || (pattern.StartsWith("*.", StringComparison.Ordinal)
            && hostname.EndsWith(pattern[1..], StringComparison.OrdinalIgnoreCase));

    private static string Protocol(OriginService service) => service.Kind switch
    {
        OriginServiceKind.Http or OriginServiceKind.Https or OriginServiceKind.Unix or OriginServiceKind.UnixTls
            or OriginServiceKind.HelloWorld => "http",
        OriginServiceKind.Tcp => service.Scheme,
        _ => service.Kind.ToString(),
    };
}
