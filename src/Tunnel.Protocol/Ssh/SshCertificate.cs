using System.Security.Cryptography;

namespace Tunnel.Protocol.Ssh;

/// <summary>
/// An OpenSSH user certificate (OpenSSH's PROTOCOL.certkeys). Signed here by a key on P-256; read whatever key signed it.
/// </summary>
/// <example><code>
/// var line = SshCertificate.Sign(content, authority).ToString();
/// var certificate = SshCertificate.Parse(line);
/// </code></example>
public sealed class SshCertificate
{
    private const string Suffix = "-cert-v01@openssh.com";
    private const uint UserCertificate = 1;
    private const int MaxLineLength = 32 * 1024;
    private const int MaxPrincipals = 256;
    private const int MaxOptions = 64;
    private const int MaxNameLength = 255;
    private const int MaxValueLength = 4096;
    private const int NonceLength = 32;

    private readonly byte[] _blob;

    private SshCertificate(SshCertificateContent content, SshPublicKey authority, byte[] blob) =>
        (Content, Authority, _blob) = (content, authority, blob);

    /// <summary>What the authority stated.</summary>
    public SshCertificateContent Content { get; }

    /// <summary>The key that signed. That the signature is right has been checked; whether the key is trusted has not.</summary>
    public SshPublicKey Authority { get; }

    /// <summary>Certifies a key.</summary>
    /// <exception cref="SshKeyFormatException">The key is of a type that is not certified here, too weak, or damaged.</exception>
    /// <exception cref="ArgumentException">There is no principal, a name is too long, or the life is empty.</exception>
    public static SshCertificate Sign(SshCertificateContent content, ECDsa authority)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(authority);
        Check(content);
        SshKeyFields.Check(content.Key);
        var authorityKey = SshPublicKey.From(authority.ExportParameters(includePrivateParameters: false));
        var statement = Statement(content, authorityKey);
        return new SshCertificate(
            content, authorityKey, new SshWriter().Raw(statement).String(SshSignature.Sign(statement, authority)).ToArray());
    }

    /// <summary>Reads the line of a <c>-cert.pub</c> file, and checks the signature.</summary>
    /// <exception cref="SshKeyFormatException">It is not a user certificate, or its signature is wrong.</exception>
    public static SshCertificate Parse(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        var parts = line.Length > MaxLineLength ? [] : line.Trim().Split(' ', 3);
        if (parts.Length < 2 || !parts[0].EndsWith(Suffix, StringComparison.Ordinal))
        {
            throw new SshKeyFormatException("A certificate is one line: a type that ends in " + Suffix + ", and base64 behind it.");
        }

        byte[] blob;
        try
        {
            blob = Convert.FromBase64String(parts[1]);
        }
        catch (FormatException e)
        {
            throw new SshKeyFormatException("The certificate is not base64.", e);
        }

        return Read(parts[0], blob);
    }

    /// <summary>The line, without a line end.</summary>
    public override string ToString() => $"{Content.Key.Type}{Suffix} {Convert.ToBase64String(_blob)}";

    private static byte[] Statement(SshCertificateContent content, SshPublicKey authority)
    {
        var principals = new SshWriter();
        foreach (var principal in content.Principals)
        {
            principals.String(principal);
        }

        return new SshWriter().String(content.Key.Type + Suffix).String(RandomNumberGenerator.GetBytes(NonceLength))
            .Raw(SshKeyFields.Of(content.Key)).UInt64(content.Serial).UInt32(UserCertificate).String(content.KeyId)
            .String(principals.ToArray()).UInt64((ulong)content.ValidAfter.ToUnixTimeSeconds())
            .UInt64((ulong)content.ValidBefore.ToUnixTimeSeconds())
            .String(Options(content.CriticalOptions)).String(Options(content.Extensions)).String("")
            .String(authority.Blob.Span).ToArray();
    }

    // In the order of their names, as the format demands. A value is a string in a string; a flag has none.
    private static byte[] Options(IReadOnlyDictionary<string, string> options)
    {
        var writer = new SshWriter();
        foreach (var (name, value) in options.OrderBy(option => option.Key, StringComparer.Ordinal))
        {
            writer.String(name).String(value.Length == 0 ? [] : new SshWriter().String(value).ToArray());
        }

        return writer.ToArray();
    }

    private static SshCertificate Read(string type, byte[] blob)
    {
        var reader = new SshReader(blob);
        if (reader.Text() != type)
        {
            throw new SshKeyFormatException("The certificate is not of the type that stands before it.");
        }

        reader.String();
        var keyType = type[..^Suffix.Length];
        var keyStart = reader.Rest;
        for (var i = SshKeyFields.Count(keyType); i > 0; i--)
        {
            reader.String();
        }

        var fields = keyStart[..(keyStart.Length - reader.Rest.Length)];
        var keyBlob = new SshWriter().String(keyType).Raw(fields).ToArray();
        var serial = reader.UInt64();
        if (reader.UInt32() != UserCertificate)
        {
            throw new SshKeyFormatException("The certificate is not one of a user.");
        }

        var keyId = reader.Text();
        var principals = Principals(reader.String());
        var (after, before) = (Time(reader.UInt64()), Time(reader.UInt64()));
        var (critical, extensions) = (Options(reader.String()), Options(reader.String()));
        reader.String();
        var authority = Key(reader.String());
        var statement = blob.AsSpan(0, blob.Length - reader.Rest.Length);
        if (!SshSignature.IsValid(reader.String(), statement, authority))
        {
            throw new SshKeyFormatException("The certificate's signature is wrong.");
        }

        if (!reader.Rest.IsEmpty)
        {
            throw new SshKeyFormatException("Bytes follow the certificate.");
        }

        return new SshCertificate(
            new SshCertificateContent(Key(keyBlob), keyId, principals, after, before)
            {
                Serial = serial, CriticalOptions = critical, Extensions = extensions,
            }, authority, blob);
    }

    private static SshPublicKey Key(ReadOnlySpan<byte> blob) =>
        SshPublicKey.Parse(new SshReader(blob).Text() + " " + Convert.ToBase64String(blob));

    private static List<string> Principals(ReadOnlySpan<byte> bytes)
    {
        var reader = new SshReader(bytes);
        List<string> principals = [];
        while (!reader.Rest.IsEmpty)
        {
            principals.Add(reader.Text());
            if (principals.Count > MaxPrincipals)
            {
                throw new SshKeyFormatException("The certificate has too many principals.");
            }
        }

        return principals;
    }

    private static Dictionary<string, string> Options(ReadOnlySpan<byte> bytes)
    {
        var reader = new SshReader(bytes);
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        while (!reader.Rest.IsEmpty)
        {
            var name = reader.Text();
            if (!options.TryAdd(name, Value(reader.String())) || options.Count > MaxOptions)
            {
                throw new SshKeyFormatException("The certificate has an option twice, or too many.");
            }
        }

        return options;
    }

    private static string Value(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return "";
        }

        var reader = new SshReader(bytes);
        var value = reader.Text();
        return reader.Rest.IsEmpty ? value : throw new SshKeyFormatException("The value of an option is not one text.");
    }

    private static void Check(SshCertificateContent content)
    {
        if (content.Principals.Count is 0 or > MaxPrincipals || !content.Principals.Append(content.KeyId).All(IsName))
        {
            throw new ArgumentException("A certificate needs an id and principals, printable and not too long.", nameof(content));
        }

        if (content.ValidAfter.ToUnixTimeSeconds() is var after && (after < 0 || content.ValidBefore.ToUnixTimeSeconds() <= after))
        {
            throw new ArgumentException("A certificate's life must end after it begins.", nameof(content));
        }

        if (content.CriticalOptions.Count > MaxOptions || content.Extensions.Count > MaxOptions
            || !content.CriticalOptions.Concat(content.Extensions).All(o => IsName(o.Key) && o.Value.Length <= MaxValueLength))
        {
            throw new ArgumentException("An option needs a name, and a value that is not too long.", nameof(content));
        }
    }

    // A name is ASCII, so that what sshd compares is what is shown.
    private static bool IsName(string name) => name.Length is > 0 and <= MaxNameLength && name.All(c => c is > ' ' and <= '~');

    // "Forever" is the largest number; no calendar holds it.
    private static DateTimeOffset Time(ulong seconds) =>
        seconds >= (ulong)DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.MaxValue : DateTimeOffset.FromUnixTimeSeconds((long)seconds);
}
