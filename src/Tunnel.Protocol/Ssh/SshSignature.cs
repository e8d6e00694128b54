using System.Security.Cryptography;
using Sodium;

namespace Tunnel.Protocol.Ssh;

/// <summary>Signatures of SSH (RFC 5656, section 3.1.2; RFC 8332, section 3; RFC 8709, section 6).</summary>
internal static class SshSignature
{
    private const int Ed25519Length = 64;

    /// <summary>Whether the key signed the bytes. SHA-1 is no signature any more (RFC 9142).</summary>
    /// <exception cref="SshKeyFormatException">The signature or the key has no form of one.</exception>
    public static bool IsValid(ReadOnlySpan<byte> signed, ReadOnlySpan<byte> statement, SshPublicKey key)
    {
        var reader = new SshReader(signed);
        var algorithm = reader.Text();
        var signature = reader.String();
        if (!reader.Rest.IsEmpty)
        {
            return false;
        }

        return (key.Type, algorithm) switch
        {
            (SshKeyFields.Rsa, "rsa-sha2-256") => IsRsa(key, signature, statement, HashAlgorithmName.SHA256),
            (SshKeyFields.Rsa, "rsa-sha2-512") => IsRsa(key, signature, statement, HashAlgorithmName.SHA512),
            (SshKeyFields.Ed25519, SshKeyFields.Ed25519) => IsEd25519(key, signature, statement),
            (SshPublicKey.EcdsaP256, SshPublicKey.EcdsaP256) => IsEcdsa(key, signature, statement, HashAlgorithmName.SHA256),
            (SshKeyFields.EcdsaP384, SshKeyFields.EcdsaP384) => IsEcdsa(key, signature, statement, HashAlgorithmName.SHA384),
            (SshKeyFields.EcdsaP521, SshKeyFields.EcdsaP521) => IsEcdsa(key, signature, statement, HashAlgorithmName.SHA512),
            _ => false,
        };
    }

    /// <summary>Signs with a key on P-256.</summary>
    public static byte[] Sign(ReadOnlySpan<byte> statement, ECDsa key)
    {
        var signature = key.SignData(statement, HashAlgorithmName.SHA256);
        var half = signature.Length / 2;
        var halves = new SshWriter()
            .MultiplePrecision(signature.AsSpan(0, half))
            .MultiplePrecision(signature.AsSpan(half)).ToArray();
        return new SshWriter().String(SshPublicKey.EcdsaP256).String(halves).ToArray();
    }

    private static bool IsEcdsa(SshPublicKey key, ReadOnlySpan<byte> encoded, ReadOnlySpan<byte> statement, HashAlgorithmName hash)
    {
        using var ecdsa = SshKeyFields.ToEcdsa(key);
        var half = (ecdsa.KeySize + 7) / 8;
        var reader = new SshReader(encoded);
        var signature = new byte[2 * half];
        for (var i = 0; i < 2; i++)
        {
            var number = reader.String().TrimStart((byte)0);
            if (number.Length > half)
            {
                return false;
            }

            number.CopyTo(signature.AsSpan(((i + 1) * half) - number.Length));
        }

        return reader.Rest.IsEmpty && ecdsa.VerifyData(statement, signature, hash);
    }

    private static bool IsRsa(SshPublicKey key, ReadOnlySpan<byte> signature, ReadOnlySpan<byte> statement, HashAlgorithmName hash)
    {
        using var rsa = SshKeyFields.ToRsa(key);
        return rsa.VerifyData(statement, signature, hash, RSASignaturePadding.Pkcs1);
    }

    private static bool IsEd25519(SshPublicKey key, ReadOnlySpan<byte> signature, ReadOnlySpan<byte> statement)
    {
        SshKeyFields.Check(key);
        return signature.Length == Ed25519Length && PublicKeyAuth.VerifyDetached(
            signature.ToArray(), statement.ToArray(), key.Blob.Span[^SshKeyFields.Ed25519Length..].ToArray());
    }
}
