using System.Security.Cryptography;

namespace Tunnel.Core.Ingress.Windows;

/// <summary>Where the host's state is kept, and the program that changes it.</summary>
public sealed record WindowsFirewallOptions
{
    public FirewallCommands Commands { get; init; } = new();

    /// <summary>Under the system's own folder, where nobody but an administrator makes files: a task of the system's user reads them.</summary>
    public string StateDirectory { get; init; } =
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.Windows), "Tunnel", "Ingress");

    /// <summary>Windows PowerShell, which every Windows has, with the modules NetSecurity and ScheduledTasks.</summary>
    public string PowerShellProgram { get; init; } =
        Path.Combine(Environment.SystemDirectory, "WindowsPowerShell", "v1.0", "powershell.exe");

    /// <summary>The value of <c>SSH_CONNECTION</c>, which Windows' sshd sets, too.</summary>
    public string? SshConnection { get; init; } = Environment.GetEnvironmentVariable("SSH_CONNECTION");

    /// <summary>Names a lock; hexadecimal.</summary>
    public Func<string> NewLockId { get; init; } = () => RandomNumberGenerator.GetHexString(16, lowercase: true);
}
