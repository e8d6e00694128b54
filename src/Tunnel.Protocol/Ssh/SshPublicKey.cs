using System.Security.Cryptography;

namespace Tunnel.Protocol.Ssh;

/// <summary>
/// An SSH public key as OpenSSH writes it on a line: type, base64, comment (sshd(8), AUTHORIZED_KEYS FILE FORMAT).
/// </summary>
/// <example><code>
/// var line = SshPublicKey.From(key.ExportParameters(false), "ca@example.com").ToString();
/// </code></example>
public sealed class SshPublicKey
{
    /// <summary>The type of a key on NIST's curve P-256 (RFC 5656, section 3.1).</summary>
    public const string EcdsaP256 = "ecdsa-sha2-nistp256";

    internal const string Curve = "nistp256";

    /// <summary>More than a line of the largest key that anybody uses (RSA, 16,384 bits).</summary>
    private const int MaxLineLength = 8192;

    private static readonly char[] s_blanks = [' ', '\t'];

    private readonly byte[] _blob;

    private SshPublicKey(string type, byte[] blob, string comment) => (Type, _blob, Comment) = (type, blob, comment);

    /// <summary>Such as <c>ecdsa-sha2-nistp256</c> or <c>ssh-ed25519</c>.</summary>
    public string Type { get; }

    /// <summary>The key in SSH's wire format.</summary>
    public ReadOnlyMemory<byte> Blob => _blob;

    /// <summary>Text for people; perhaps empty.</summary>
    public string Comment { get; }

    /// <summary>What <c>ssh-keygen -l</c> shows: <c>SHA256:</c> and base64 without padding.</summary>
    public string Fingerprint => "SHA256:" + Convert.ToBase64String(SHA256.HashData(_blob)).TrimEnd('=');

    /// <summary>The key whose point is given; its private half is not looked at.</summary>
    public static SshPublicKey From(ECParameters key, string comment = "")
    {
        ArgumentNullException.ThrowIfNull(comment);
        if (key.Q is not { X: { Length: 32 } x, Y: { Length: 32 } y })
        {
            throw new ArgumentException("The key is not on P-256.", nameof(key));
        }

        var blob = new SshWriter().String(EcdsaP256).String(Curve).String([4, .. x, .. y]).ToArray();
        return new SshPublicKey(EcdsaP256, blob, comment);
    }

    /// <summary>Reads one line without options. Certificates are not keys.</summary>
    /// <exception cref="SshKeyFormatException">It is not a key.</exception>
    public static SshPublicKey Parse(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        var text = line.Trim();
        if (text.Length > MaxLineLength || text.Any(c => char.IsControl(c) && c != '\t'))
        {
            throw new SshKeyFormatException("A public key is one line of text.");
        }

        var parts = text.Split(s_blanks, 3, StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length < 2 || parts[0].Contains("-cert-", StringComparison.Ordinal))
        {
            throw new SshKeyFormatException("A public key is a type, such as ecdsa-sha2-nistp256, and base64 behind it.");
        }

        var blob = Decode(parts[1]);
        var reader = new SshReader(blob);
        return reader.Text() == parts[0] && !reader.Rest.IsEmpty
            ? new SshPublicKey(parts[0], blob, parts.Length == 3 ? parts[2].Trim() : "")
            : throw new SshKeyFormatException($"The key is not of the type that stands before it, {parts[0]}.");
    }

    /// <summary>
    /// Checks that it is a key that may be certified: Ed25519, ECDSA on one of NIST's curves, or RSA of 2048 bits or more.
    /// </summary>
    /// <exception cref="SshKeyFormatException">It is not; the message says why.</exception>
    public void EnsureStrong() => SshKeyFields.Check(this);

    /// <summary>The line, without a line end.</summary>
    public override string ToString() =>
        $"{Type} {Convert.ToBase64String(_blob)}{(Comment.Length == 0 ? "" : " ")}{Comment}";

    private static byte[] Decode(string base64)
    {
        try
        {
            return Convert.FromBase64String(base64);
        }
        catch (FormatException e)
        {
            throw new SshKeyFormatException("The key is not base64.", e);
        }
    }
}
