namespace Tunnel.Core.Identity;

/// <summary>An application's authority for short-lived SSH certificates.</summary>
/// <param name="Application">The application's hostname.</param>
/// <param name="ApplicationId">The application.</param>
/// <param name="Id">The authority.</param>
/// <param name="Aud">The application's audience tag.</param>
/// <param name="PublicKey">The line for the file that sshd's <c>TrustedUserCAKeys</c> names.</param>
public sealed record SshCertificateAuthority(string Application, string ApplicationId, string Id, string Aud, string PublicKey)
{
    /// <summary>The line, so that it can be written to a file as it stands.</summary>
    public override string ToString() => PublicKey;
}
