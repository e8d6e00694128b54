using System.Security.Cryptography;

namespace Tunnel.Protocol.Registration;

/// <summary>
/// What a connector proves itself with: <c>TunnelAuth</c> (0x9496331ab9cd463f) of tunnelrpc.capnp.
/// </summary>
/// <param name="AccountTag">The account's identifier, 32 hexadecimal digits at Cloudflare.</param>
/// <param name="TunnelSecret">The tunnel's secret, 32 bytes or more. Never part of <see cref="ToString"/>.</param>
public sealed record TunnelAuth(string AccountTag, byte[] TunnelSecret)
{
    /// <summary>Compares the secrets in constant time.</summary>
    public bool Equals(TunnelAuth? other) =>
        other is not null
        && AccountTag == other.AccountTag
        && CryptographicOperations.FixedTimeEquals(TunnelSecret, other.TunnelSecret);

    /// <summary>Of the account tag alone: a hash of the secret would be a trace of it.</summary>
    public override int GetHashCode() => AccountTag.GetHashCode(StringComparison.Ordinal);

    /// <summary>The account tag; the secret is left out.</summary>
    public override string ToString() => $"TunnelAuth {{ AccountTag = {AccountTag} }}";
}
