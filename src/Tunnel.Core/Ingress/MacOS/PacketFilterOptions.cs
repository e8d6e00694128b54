using System.Security.Cryptography;

namespace Tunnel.Core.Ingress.MacOS;

/// <summary>Where the host's state is read and kept, and the programs that change it.</summary>
public sealed record PacketFilterOptions
{
    public FirewallCommands Commands { get; init; } = new();

    /// <summary>Holds the lock in force. Gone with the next boot, as pf's rules are.</summary>
    public string RuntimeDirectory { get; init; } = "/var/run/tunnel-ingress";

    /// <summary>Holds the lock that a boot loads.</summary>
    public string StateDirectory { get; init; } = "/Library/Application Support/Tunnel";

    /// <summary>Where launchd finds what it starts at boot (launchd.plist(5)).</summary>
    public string DaemonDirectory { get; init; } = "/Library/LaunchDaemons";

    public string PfctlProgram { get; init; } = "/sbin/pfctl";

    public string LaunchctlProgram { get; init; } = "/bin/launchctl";

    /// <summary>The value of <c>SSH_CONNECTION</c> (ssh(1)).</summary>
    public string? SshConnection { get; init; } = Environment.GetEnvironmentVariable("SSH_CONNECTION");

    /// <summary>Names a lock; hexadecimal.</summary>
    public Func<string> NewLockId { get; init; } = () => RandomNumberGenerator.GetHexString(16, lowercase: true);
}
