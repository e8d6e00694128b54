using System.Net;

namespace Tunnel.Core.Ingress;

/// <summary>What a lock closes, what it leaves open, and for how long.</summary>
public sealed record NetworkIngressRules
{
    /// <summary>How long an unconfirmed lock holds where nothing else is said.</summary>
    public static readonly TimeSpan DefaultRollback = TimeSpan.FromMinutes(2);

    /// <summary>Ports that stay open to everybody.</summary>
    public IReadOnlyList<AllowedPort> AllowedPorts { get; init; } = [];

    /// <summary>Networks that may reach everything.</summary>
    public IReadOnlyList<IPNetwork> AllowedSources { get; init; } = [];

    /// <summary>Interfaces that may reach everything, such as <c>wg0</c> or <c>docker0</c>.</summary>
    public IReadOnlyList<string> AllowedInterfaces { get; init; } = [];

    /// <summary>Answer pings.</summary>
    public bool AllowIcmp { get; init; }

    /// <summary>End the sessions that are open, except the one that carries the caller.</summary>
    public bool CloseEstablished { get; init; }

    /// <summary>Null: outbound stays open.</summary>
    public OutboundLimits? Outbound { get; init; }

    /// <summary>Keep the lock over reboots once it is confirmed.</summary>
    public bool Persist { get; init; }

    /// <summary>When the lock opens again by itself, unless it is confirmed before. 5 seconds to one day.</summary>
    public TimeSpan RollbackAfter { get; init; } = DefaultRollback;

    /// <summary>What a name may be on systems with Unix's names; Windows has its own.</summary>
    internal void ValidateUnixInterfaces()
    {
        foreach (var name in AllowedInterfaces)
        {
            // IFNAMSIZ is 16 with the final zero; what else the kernel allows could leave the quotes of a ruleset.
            if (name.Length is 0 or > 15 || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('.' or '-' or '_' or '@' or ':')))
            {
                throw new NetworkIngressException(
                    NetworkIngressError.InvalidRules,
                    $"'{name}' is not the name of a network interface. List them with: {(OperatingSystem.IsMacOS() ? "ifconfig -l" : "ip link")}");
            }
        }
    }

    /// <exception cref="NetworkIngressException">A value is out of range.</exception>
    public void Validate()
    {
        if (RollbackAfter < TimeSpan.FromSeconds(5) || RollbackAfter > TimeSpan.FromDays(1))
        {
            throw new NetworkIngressException(
                NetworkIngressError.InvalidRules, "The time until the rollback is between 5 seconds and one day.");
        }

        if (AllowedInterfaces.Any(string.IsNullOrWhiteSpace))
        {
            throw new NetworkIngressException(NetworkIngressError.InvalidRules, "The name of a network interface is empty.");
        }
    }
}
