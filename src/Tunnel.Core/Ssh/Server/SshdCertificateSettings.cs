namespace Tunnel.Core.Ssh.Server;

/// <summary>How an sshd takes certificates.</summary>
public sealed record SshdCertificateSettings
{
    /// <summary>sshd's configuration.</summary>
    public required string ConfigFile { get; init; }

    /// <summary>The file with our lines: one of its own where the configuration includes such, else the configuration.</summary>
    public required string SettingsFile { get; init; }

    /// <summary>The file with the authorities' keys.</summary>
    public required string AuthorityFile { get; init; }

    /// <summary>The authorities' keys, as <c>ssh-keygen -l</c> shows them; empty when none is trusted any more.</summary>
    public required IReadOnlyList<string> Authorities { get; init; }

    /// <summary>Users whom others than their namesakes may log in as: <c>deploy: alice, bob</c>.</summary>
    public required IReadOnlyList<string> Principals { get; init; }

    /// <summary>Whether anything had to be written.</summary>
    public bool IsChanged { get; init; }

    /// <summary>Whether the running sshd was told. If not, and something has changed, it does not know yet.</summary>
    public bool IsReloaded { get; init; }

    /// <summary>The settings file's path.</summary>
    public override string ToString() => SettingsFile;
}
