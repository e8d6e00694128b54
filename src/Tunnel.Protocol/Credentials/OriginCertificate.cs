using System.Security.Cryptography;

namespace Tunnel.Protocol.Credentials;

/// <summary>
/// What a login leaves behind: <c>cert.pem</c>, a PEM block <c>ARGO TUNNEL TOKEN</c> around a JSON object (cloudflared
/// <c>credentials/origin_cert.go</c>).
/// </summary>
/// <param name="ZoneId">The zone that was chosen at login.</param>
/// <param name="AccountId">The account; files from before 2020 have none and must be renewed.</param>
/// <param name="ApiToken">The API token.</param>
/// <param name="Endpoint">A special region such as <c>fed</c>, in lower case; null for the ordinary network.</param>
public sealed record OriginCertificate(string ZoneId, string AccountId, string ApiToken, string? Endpoint = null)
{
    private const string Label = "ARGO TUNNEL TOKEN";
    private const string What = "The origin certificate";
    private const string Advice = "Delete the file and log in again to get a new one.";

    /// <summary>
    /// Reads a cert.pem. Blocks <c>PRIVATE KEY</c> and <c>CERTIFICATE</c> of old files are skipped; text outside blocks is
    /// ignored.
    /// </summary>
    /// <exception cref="CredentialFormatException">No token in it, or more than one, or a block of another kind.</exception>
    public static OriginCertificate Parse(string pem)
    {
        ArgumentNullException.ThrowIfNull(pem);
        if (pem.Length > CredentialJson.MaxLength)
        {
            throw new CredentialFormatException($"{What} is longer than {CredentialJson.MaxLength} characters. {Advice}");
        }
        OriginCertificate? found = null;
        var rest = pem.AsSpan();
        while (PemEncoding.TryFind(rest, out var fields))
        {
            var label = rest[fields.Label];
            if (label is Label)
            {
                found = found is null
                    ? ReadToken(rest[fields.Base64Data])
                    : throw new CredentialFormatException($"{What} holds more than one token. {Advice}");
            }
            else if (label is not ("PRIVATE KEY" or "CERTIFICATE"))
            {
                throw new CredentialFormatException($"{What} holds a PEM block that does not belong there. {Advice}");
            }
            rest = rest[fields.Location.End..];
        }
        return found ?? throw new CredentialFormatException($"{What} holds no token. {Advice}");
    }

    /// <summary>Writes a cert.pem. The result holds the API token: write it to a file only its owner can read.</summary>
    public string ToPem() => PemEncoding.WriteString(Label, CredentialJson.Write(
        new("zoneID", ZoneId),
        new("accountID", AccountId),
        new("apiToken", ApiToken),
        new("endpoint", Endpoint))) + "\n";

    /// <summary>The certificate without the API token.</summary>
    public override string ToString() => $"OriginCertificate {{ ZoneId = {ZoneId}, AccountId = {AccountId} }}";

    private static OriginCertificate ReadToken(ReadOnlySpan<char> base64)
    {
        var bytes = new byte[base64.Length];
        if (!Convert.TryFromBase64Chars(base64, bytes, out var count))
        {
            throw new CredentialFormatException($"{What} holds a token that is not base64. {Advice}");
        }
        var members = CredentialJson.Read(bytes.AsSpan(0, count), What, Advice);
        return new OriginCertificate(
            members.Required("zoneID", Advice),
            members.Required("accountID", Advice),
            members.Required("apiToken", Advice),
            members.Optional("endpoint")?.ToLowerInvariant());
    }
}
