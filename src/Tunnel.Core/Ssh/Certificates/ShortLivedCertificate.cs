namespace Tunnel.Core.Ssh.Certificates;

/// <summary>A person's SSH certificate for one application, with the files that ssh reads.</summary>
public sealed record ShortLivedCertificate
{
    /// <summary>The application's hostname.</summary>
    public required string Hostname { get; init; }

    /// <summary>The users that sshd lets its holder log in as.</summary>
    public required IReadOnlyList<string> Principals { get; init; }

    /// <summary>When it ends, in local time.</summary>
    public required DateTimeOffset ValidUntil { get; init; }

    /// <summary>When it begins, in local time.</summary>
    public required DateTimeOffset ValidFrom { get; init; }

    /// <summary>How sshd's log names it: the person's address.</summary>
    public required string KeyId { get; init; }

    /// <summary>The authority's number for it; the request log has the same.</summary>
    public required ulong Serial { get; init; }

    /// <summary>The fingerprint of the authority's key, as <c>ssh-keygen -l</c> shows it.</summary>
    public required string Authority { get; init; }

    /// <summary>The private key: ssh's <c>IdentityFile</c>.</summary>
    public required string IdentityFile { get; init; }

    /// <summary>The certificate: ssh's <c>CertificateFile</c>.</summary>
    public required string Path { get; init; }

    /// <summary>Whether it was signed now, and not kept from before.</summary>
    public bool IsNew { get; init; }

    /// <summary>The certificate's path, so that it can be given to a program as it stands.</summary>
    public override string ToString() => Path;
}
