namespace Tunnel.Protocol.Ssh;

/// <summary>What an authority states of a user's key, before it signs.</summary>
/// <param name="Key">The key that is certified.</param>
/// <param name="KeyId">Names the certificate in sshd's log.</param>
/// <param name="Principals">
/// The users that it may sign in as. Never empty where it is signed here, for an empty list would mean everybody.
/// </param>
/// <param name="ValidAfter">The first second of its life.</param>
/// <param name="ValidBefore">The second in which it has ended.</param>
public sealed record SshCertificateContent(
    SshPublicKey Key, string KeyId, IReadOnlyList<string> Principals, DateTimeOffset ValidAfter, DateTimeOffset ValidBefore)
{
    /// <summary>What ssh-keygen permits by default: a terminal, forwarding of ports, agent and X11, and <c>~/.ssh/rc</c>.</summary>
    public static IReadOnlyDictionary<string, string> UsualExtensions { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["permit-X11-forwarding"] = "",
        ["permit-agent-forwarding"] = "",
        ["permit-port-forwarding"] = "",
        ["permit-pty"] = "",
        ["permit-user-rc"] = "",
    };

    /// <summary>A number of the authority's own choice.</summary>
    public ulong Serial { get; init; }

    /// <summary>
    /// What a server must understand or else refuse the certificate, such as <c>force-command</c> and
    /// <c>source-address</c>: name and value, which is empty for a flag. Kept, unknown ones too: the server decides.
    /// </summary>
    public IReadOnlyDictionary<string, string> CriticalOptions { get; init; } = new Dictionary<string, string>();

    /// <summary>What the certificate permits; a server passes over what it does not know.</summary>
    public IReadOnlyDictionary<string, string> Extensions { get; init; } = UsualExtensions;
}
