using System.Security.Cryptography;

namespace Tunnel.Protocol.Ssh;

/// <summary>An OpenSSH user certificate signed by a key on P-256 (OpenSSH's PROTOCOL.certkeys).</summary>
/// <example><code>
/// var line = SshCertificate.Sign(content, authority).ToString();
/// var certificate = SshCertificate.Parse(line);
/// </code></example>
public sealed class SshCertificate
{
    private const string Suffix = "-cert-v01@openssh.com";
    private const uint UserCertificate = 1;
    private const int MaxLineLength = 16384;
    private const int MaxPrincipals = 256;
    private const int MaxNameLength = 255;
    private const int SignatureHalf = 32;

    // What ssh-keygen permits by default; in the order of their names, as the format demands.
    private static readonly string[] s_extensions =
        ["permit-X11-forwarding", "permit-agent-forwarding", "permit-port-forwarding", "permit-pty", "permit-user-rc"];

    private readonly byte[] _blob;

    private SshCertificate(SshCertificateContent content, SshPublicKey authority, byte[] blob) =>
        (Content, Authority, _blob) = (content, authority, blob);

    /// <summary>What the authority stated.</summary>
    public SshCertificateContent Content { get; }

    /// <summary>The key that signed. That the signature is right has been checked; whether the key is trusted has not.</summary>
    public SshPublicKey Authority { get; }

    /// <summary>Certifies a key.</summary>
    /// <exception cref="SshKeyFormatException">The key is of a type that is not certified here, or is damaged.</exception>
    /// <exception cref="ArgumentException">There is no principal, a name is too long, or the life is empty.</exception>
    public static SshCertificate Sign(SshCertificateContent content, ECDsa authority)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(authority);
        Check(content);
        var authorityKey = SshPublicKey.From(authority.ExportParameters(includePrivateParameters: false));
        var statement = Statement(content, authorityKey);
        var signature = authority.SignData(statement, HashAlgorithmName.SHA256);
        var halves = new SshWriter()
            .MultiplePrecision(signature.AsSpan(0, SignatureHalf))
            .MultiplePrecision(signature.AsSpan(SignatureHalf)).ToArray();
        var signed = new SshWriter().String(SshPublicKey.EcdsaP256).String(halves).ToArray();
        return new SshCertificate(content, authorityKey, new SshWriter().Raw(statement).String(signed).ToArray());
    }

    /// <summary>Reads the line of a <c>-cert.pub</c> file, and checks the signature.</summary>
    /// <exception cref="SshKeyFormatException">It is not a user certificate of this kind, or its signature is wrong.</exception>
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

        var extensions = new SshWriter();
        foreach (var extension in s_extensions)
        {
            extensions.String(extension).String("");
        }

        return new SshWriter().String(content.Key.Type + Suffix).String(RandomNumberGenerator.GetBytes(32))
            .Raw(KeyFields(content.Key)).UInt64(content.Serial).UInt32(UserCertificate).String(content.KeyId)
            .String(principals.ToArray()).UInt64((ulong)content.ValidAfter.ToUnixTimeSeconds())
            .UInt64((ulong)content.ValidBefore.ToUnixTimeSeconds())
            .String("").String(extensions.ToArray()).String("").String(authority.Blob.Span).ToArray();
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
        for (var i = FieldCount(keyType); i > 0; i--)
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
        reader.String();
        reader.String();
        reader.String();
        var authority = SshPublicKey.Parse(SshPublicKey.EcdsaP256 + " " + Convert.ToBase64String(reader.String()));
        var statement = blob.AsSpan(0, blob.Length - reader.Rest.Length);
        Verify(statement, reader.String(), authority);
        var content = new SshCertificateContent(
            SshPublicKey.Parse(keyType + " " + Convert.ToBase64String(keyBlob)), keyId, principals, after, before) { Serial = serial };
        return reader.Rest.IsEmpty
            ? new SshCertificate(content, authority, blob)
            : throw new SshKeyFormatException("Bytes follow the certificate.");
    }

    private static void Verify(ReadOnlySpan<byte> statement, ReadOnlySpan<byte> signed, SshPublicKey authority)
    {
        var outer = new SshReader(signed);
        var isRightType = outer.Text() == SshPublicKey.EcdsaP256;
        var halves = new SshReader(outer.String());
        Span<byte> signature = stackalloc byte[2 * SignatureHalf];
        signature.Clear();
        for (var i = 0; i < 2; i++)
        {
            var number = halves.String().TrimStart((byte)0);
            if (number.Length > SignatureHalf)
            {
                throw new SshKeyFormatException("The certificate's signature is not one of P-256.");
            }

            number.CopyTo(signature[((i + 1) * SignatureHalf - number.Length)..]);
        }

        var key = new SshReader(authority.Blob.Span);
        key.String();
        if (!isRightType || !outer.Rest.IsEmpty || !halves.Rest.IsEmpty || key.Text() != SshPublicKey.Curve
            || key.String() is not [4, ..] point || point.Length != 65 || !IsSignedBy(point, statement, signature))
        {
            throw new SshKeyFormatException("The certificate's signature is wrong.");
        }
    }

    private static bool IsSignedBy(ReadOnlySpan<byte> point, ReadOnlySpan<byte> statement, ReadOnlySpan<byte> signature)
    {
        try
        {
            using var key = ECDsa.Create(new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                Q = new ECPoint { X = point[1..33].ToArray(), Y = point[33..].ToArray() },
            });
            return key.VerifyData(statement, signature, HashAlgorithmName.SHA256);
        }
        catch (CryptographicException)
        {
            return false; // the point is not on the curve
        }
    }

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
    }

    // A name is ASCII, so that what sshd compares is what is shown.
    private static bool IsName(string name) => name.Length is > 0 and <= MaxNameLength && name.All(c => c is > ' ' and <= '~');

    private static ReadOnlySpan<byte> KeyFields(SshPublicKey key)
    {
        var reader = new SshReader(key.Blob.Span);
        reader.String();
        var fields = reader.Rest;
        for (var i = FieldCount(key.Type); i > 0; i--)
        {
            reader.String();
        }

        return reader.Rest.IsEmpty ? fields : throw new SshKeyFormatException("Bytes follow the key.");
    }

    private static int FieldCount(string keyType) => keyType switch
    {
        "ssh-ed25519" => 1,
        SshPublicKey.EcdsaP256 or "ecdsa-sha2-nistp384" or "ecdsa-sha2-nistp521" or "ssh-rsa" => 2,
        _ => throw new SshKeyFormatException($"Keys of the type {keyType} are not certified."),
    };

    // "Forever" is the largest number; no calendar holds it.
    private static DateTimeOffset Time(ulong seconds) =>
        seconds >= (ulong)DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.MaxValue : DateTimeOffset.FromUnixTimeSeconds((long)seconds);
}
