namespace Tunnel.Core.Ssh.Server;

/// <summary>Which sshd is set up.</summary>
public sealed record SshdOptions
{
    /// <summary>Its configuration; what belongs to it is written beside it.</summary>
    public string ConfigFile { get; init; } = DefaultConfigFile;

    /// <summary>The program that checks the configuration.</summary>
    public string Program { get; init; } = FindProgram();

    /// <summary>
    /// The program that tells the running sshd, called as systemctl is. Null: systemctl, where systemd runs and the
    /// configuration is the system's own.
    /// </summary>
    public string? ServiceManager { get; init; }

    /// <summary>Where sshd looks of its own accord.</summary>
    public static string DefaultConfigFile { get; } = OperatingSystem.IsWindows()
        ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData), "ssh", "sshd_config")
        : "/etc/ssh/sshd_config";

    /// <param name="configFile">Null: the system's.</param>
    public static SshdOptions For(string? configFile) =>
        configFile is null ? new SshdOptions() : new SshdOptions { ConfigFile = configFile };

    // sshd has to be started by its whole path, and /usr/sbin is on few people's.
    private static string FindProgram() => OperatingSystem.IsWindows()
        ? Path.Combine(Environment.SystemDirectory, "OpenSSH", "sshd.exe")
        : ((string[])["/usr/sbin/sshd", "/usr/local/sbin/sshd", "/sbin/sshd"]).FirstOrDefault(File.Exists) ?? "/usr/sbin/sshd";
}
