using System.Security.Cryptography;

namespace Tunnel.Protocol.Ssh;

/// <summary>What public keys of each type consist of (RFC 4253, section 6.6; RFC 5656, section 3.1; RFC 8709, section 4).</summary>
internal static class SshKeyFields
{
    public const string Ed25519 = "ssh-ed25519";
    public const string EcdsaP384 = "ecdsa-sha2-nistp384";
    public const string EcdsaP521 = "ecdsa-sha2-nistp521";
    public const string Rsa = "ssh-rsa";

    public const int Ed25519Length = 32;

    /// <summary>What sshd demands by default since OpenSSH 9.1 is less (1024); NIST SP 800-57 part 1 asks for this.</summary>
    private const int MinRsaBits = 2048;

    private const int MaxRsaBits = 16384;

    /// <summary>The strings that follow the type.</summary>
    /// <exception cref="SshKeyFormatException">No keys of this type are certified.</exception>
    public static int Count(string type) => type switch
    {
        Ed25519 => 1,
        SshPublicKey.EcdsaP256 or EcdsaP384 or EcdsaP521 or Rsa => 2,
        _ => throw new SshKeyFormatException($"Keys of the type {type} are not certified."),
    };

    /// <summary>Everything behind the type.</summary>
    /// <exception cref="SshKeyFormatException">There is less or more than there should be.</exception>
    public static ReadOnlySpan<byte> Of(SshPublicKey key)
    {
        var reader = new SshReader(key.Blob.Span);
        reader.String();
        var fields = reader.Rest;
        for (var i = Count(key.Type); i > 0; i--)
        {
            reader.String();
        }

        return reader.Rest.IsEmpty ? fields : throw new SshKeyFormatException("Bytes follow the key.");
    }

    /// <summary>Whether it is a whole key, on its curve, and of a size that nobody factors.</summary>
    /// <exception cref="SshKeyFormatException">It is not; the message says why.</exception>
    public static void Check(SshPublicKey key)
    {
        var reader = new SshReader(Of(key));
        switch (key.Type)
        {
            case Ed25519:
                if (reader.String().Length != Ed25519Length)
                {
                    throw new SshKeyFormatException("The Ed25519 key is not 32 bytes long.");
                }

                break;
            case Rsa:
                using (ToRsa(key))
                {
                    break;
                }

            default:
                using (ToEcdsa(key))
                {
                    break;
                }
        }
    }

    /// <exception cref="SshKeyFormatException">It is too small, too large or none.</exception>
    public static RSA ToRsa(SshPublicKey key)
    {
        var reader = new SshReader(Of(key));
        var exponent = reader.String().TrimStart((byte)0).ToArray();
        var modulus = reader.String().TrimStart((byte)0).ToArray();
        var bits = modulus.Length == 0 ? 0 : (8 * modulus.Length) - byte.LeadingZeroCount(modulus[0]);
        if (bits is < MinRsaBits or > MaxRsaBits)
        {
            throw new SshKeyFormatException($"The RSA key has {bits} bits; {MinRsaBits} to {MaxRsaBits} are taken. Ed25519 is better.");
        }

        if (exponent.Length is 0 or > 4 || (exponent[^1] & 1) == 0 || exponent is [1] || (modulus[^1] & 1) == 0)
        {
            throw new SshKeyFormatException("The RSA key is none.");
        }

        return Import(() => RSA.Create(new RSAParameters { Exponent = exponent, Modulus = modulus }));
    }

    /// <exception cref="SshKeyFormatException">It is not a point of its curve.</exception>
    public static ECDsa ToEcdsa(SshPublicKey key)
    {
        var (curve, name, size) = key.Type switch
        {
            SshPublicKey.EcdsaP256 => (ECCurve.NamedCurves.nistP256, SshPublicKey.Curve, 32),
            EcdsaP384 => (ECCurve.NamedCurves.nistP384, "nistp384", 48),
            EcdsaP521 => (ECCurve.NamedCurves.nistP521, "nistp521", 66),
            _ => throw new SshKeyFormatException($"{key.Type} is not a type of ECDSA."),
        };
        var reader = new SshReader(Of(key));
        if (reader.Text() != name || reader.String() is not [4, ..] point || point.Length != 1 + (2 * size))
        {
            throw new SshKeyFormatException("The ECDSA key is not on the curve of its type.");
        }

        var (x, y) = (point[1..(1 + size)].ToArray(), point[(1 + size)..].ToArray());
        return Import(() => ECDsa.Create(new ECParameters { Curve = curve, Q = new ECPoint { X = x, Y = y } }));
    }

    private static T Import<T>(Func<T> import)
    {
        try
        {
            return import();
        }
        catch (CryptographicException e)
        {
            throw new SshKeyFormatException("The numbers of the key are not those of a key.", e);
        }
    }
}
