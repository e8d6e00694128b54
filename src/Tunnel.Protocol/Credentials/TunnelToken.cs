namespace Tunnel.Protocol.Credentials;

/// <summary>
/// Tunnel credentials as one line of text, for <c>tunnel run --token</c>: base64 of a JSON object with the members
/// <c>a</c>, <c>t</c>, <c>s</c> and perhaps <c>e</c> (cloudflared <c>connection/connection.go</c>).
/// </summary>
public static class TunnelToken
{
    private const string What = "The tunnel token";
    private const string Advice = "Copy the whole token again, without quotes or line breaks in it.";

    /// <summary>Reads a token; white space around and within it is ignored.</summary>
    /// <exception cref="CredentialFormatException">Not a tunnel token. The message does not repeat it.</exception>
    public static TunnelCredentials Parse(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        if (token.Length > CredentialJson.MaxLength)
        {
            throw new CredentialFormatException($"{What} is longer than {CredentialJson.MaxLength} characters. {Advice}");
        }
        var bytes = new byte[token.Length];
        if (!Convert.TryFromBase64String(token, bytes, out var count) || count == 0)
        {
            throw new CredentialFormatException($"{What} is not base64. {Advice}");
        }
        var members = CredentialJson.Read(bytes.AsSpan(0, count), What, Advice);
        return new TunnelCredentials(
            members.Required("a", Advice),
            members.RequiredBytes("s", Advice),
            members.RequiredGuid("t", Advice),
            members.Optional("e"));
    }

    /// <summary>Writes a token. The result is a secret.</summary>
    public static string Format(TunnelCredentials credentials)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        return Convert.ToBase64String(CredentialJson.Write(
            new("a", credentials.AccountTag),
            new("s", Convert.ToBase64String(credentials.TunnelSecret)),
            new("t", credentials.TunnelId.ToString("D")),
            new("e", credentials.Endpoint)));
    }
}
