namespace Tunnel.Core.Ssh;

/// <summary>One host of an ssh config that is reached through a tunnel: a <c>Host</c> block of ours (ssh_config(5)).</summary>
public sealed record SshHost
{
    /// <summary>What one types after <c>ssh</c>: letters, digits, dot, hyphen and underscore.</summary>
    public required string Name { get; init; }

    /// <summary>The hostname of the tunnel. Null: <see cref="Name"/>.</summary>
    public string? Hostname { get; init; }

    /// <summary>The program that ssh starts: a whole path, or a name that is on the PATH.</summary>
    public required string AgentPath { get; init; }

    public string? User { get; init; }

    /// <summary>1 to 65535; the tunnel decides where it leads, so that this only shows in known_hosts.</summary>
    public int? Port { get; init; }

    /// <summary>A path; <c>~/</c> is the home folder.</summary>
    public string? IdentityFile { get; init; }

    /// <summary>A path; <c>~/</c> is the home folder.</summary>
    public string? UserKnownHostsFile { get; init; }

    /// <summary><c>yes</c>, <c>no</c>, <c>off</c>, <c>ask</c> or <c>accept-new</c>.</summary>
    public string? StrictHostKeyChecking { get; init; }

    /// <summary>A <see cref="ServiceTokenFile"/> that the agent reads. Null: the environment, or a sign-in.</summary>
    public string? ServiceTokenFile { get; init; }

    /// <summary>An address, <c>host:port</c>, to connect to instead of the hostname's own.</summary>
    public string? ConnectTo { get; init; }

    /// <summary>A PEM file with the authorities to trust instead of the system's.</summary>
    public string? CertificateAuthorityFile { get; init; }

    /// <summary>
    /// Log in by a certificate that the agent has signed before each login: then no key of one's own is needed.
    /// </summary>
    public bool ShortLivedCertificate { get; init; }

    /// <summary>The folder with the sign-in, and the certificate if there is one. Null: <c>~/.cloudflared</c>.</summary>
    public string? CertificateFolder { get; init; }

    /// <summary>The config file that it was read from, or written to.</summary>
    public string? ConfigFile { get; init; }
}
