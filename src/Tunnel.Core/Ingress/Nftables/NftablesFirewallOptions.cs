using System.Security.Cryptography;

namespace Tunnel.Core.Ingress.Nftables;

/// <summary>Where the host's state is read and kept.</summary>
public sealed record NftablesFirewallOptions
{
    public FirewallCommands Commands { get; init; } = new();

    public string ProcRoot { get; init; } = "/proc";

    public string SysRoot { get; init; } = "/sys";

    /// <summary>Holds the lock as a boot would load it, until it is made persistent. Gone with the next boot.</summary>
    public string RuntimeDirectory { get; init; } = "/run/tunnel";

    /// <summary>Holds the lock that a boot loads.</summary>
    public string StateDirectory { get; init; } = "/etc/tunnel";

    /// <summary>Where units of the administrator lie (systemd.unit(5)).</summary>
    public string UnitDirectory { get; init; } = "/etc/systemd/system";

    /// <summary>Is there when systemd runs the host (sd_booted(3)).</summary>
    public string SystemdDirectory { get; init; } = "/run/systemd/system";

    /// <summary>The value of <c>SSH_CONNECTION</c>: client address and port, server address and port (ssh(1)). Null: that of the login.</summary>
    public string? SshConnection { get; init; } = Environment.GetEnvironmentVariable("SSH_CONNECTION");

    /// <summary>Names a lock; hexadecimal.</summary>
    public Func<string> NewLockId { get; init; } = () => RandomNumberGenerator.GetHexString(16, lowercase: true);

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
