using System.Security.Cryptography;

namespace Tunnel.Protocol.Credentials;

/// <summary>
/// What lets a connector run one tunnel: the content of <c>&lt;tunnel id&gt;.json</c> (cloudflared
/// <c>connection/connection.go</c>).
/// </summary>
/// <param name="AccountTag">The account's id, 32 hexadecimal digits at Cloudflare.</param>
/// <param name="TunnelSecret">The tunnel's secret; Cloudflare asks for at least 32 bytes.</param>
/// <param name="TunnelId">The tunnel.</param>
/// <param name="Endpoint">A special region such as <c>fed</c>; null for the ordinary network.</param>
public sealed record TunnelCredentials(string AccountTag, byte[] TunnelSecret, Guid TunnelId, string? Endpoint = null)
{
    private const string What = "The tunnel credentials file";
    private const string Advice =
        "Give the <tunnel id>.json file that was written when the tunnel was created, or create the tunnel again.";

    /// <summary>Reads the JSON of a credentials file.</summary>
    /// <exception cref="CredentialFormatException">Not such a file.</exception>
    public static TunnelCredentials Parse(ReadOnlySpan<byte> json)
    {
        if (json.TrimStart(" \t\r\n"u8).StartsWith("-----BEGIN"u8))
        {
            throw new CredentialFormatException(
                "The tunnel credentials file holds an origin certificate (cert.pem). " + Advice);
        }
        var members = CredentialJson.Read(json, What, Advice);
        return new TunnelCredentials(
            members.Required("AccountTag", Advice),
            members.RequiredBytes("TunnelSecret", Advice),
            members.RequiredGuid("TunnelID", Advice),
            members.Optional("Endpoint"));
    }

    /// <summary>Writes the JSON of a credentials file. The result holds the secret: write it to a file only its owner can read.</summary>
    public byte[] ToJson() => CredentialJson.Write(
        new("AccountTag", AccountTag),
        new("TunnelSecret", Convert.ToBase64String(TunnelSecret)),
        new("TunnelID", TunnelId.ToString("D")),
        new("Endpoint", Endpoint));

    /// <summary>The credentials without the secret.</summary>
    public override string ToString() => $"TunnelCredentials {{ AccountTag = {AccountTag}, TunnelId = {TunnelId} }}";

    /// <summary>Equal when everything is, the secret compared in constant time.</summary>
    public bool Equals(TunnelCredentials? other) =>
        other is not null
        && AccountTag == other.AccountTag
        && TunnelId == other.TunnelId
        && Endpoint == other.Endpoint
        && CryptographicOperations.FixedTimeEquals(TunnelSecret, other.TunnelSecret);

    public override int GetHashCode() => HashCode.Combine(AccountTag, TunnelId, Endpoint);
}
