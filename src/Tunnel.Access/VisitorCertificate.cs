namespace Tunnel.Access;

/// <summary>A client certificate that was verified against an authority of the account, and whose key was proven.</summary>
/// <param name="CommonName">The subject's common name; null where it has none.</param>
public sealed record VisitorCertificate(string? CommonName)
{
    /// <summary>The visitor was asked for a certificate and has shown none that is valid.</summary>
    public static VisitorCertificate None { get; } = new(CommonName: null) { IsPresent = false };

    /// <summary>Whether there is one.</summary>
    public bool IsPresent { get; private init; } = true;
}
