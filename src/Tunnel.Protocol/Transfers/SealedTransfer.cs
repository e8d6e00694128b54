using System.Security.Cryptography;
using Sodium;

namespace Tunnel.Protocol.Transfers;

/// <summary>
/// Something encrypted to one program's key: NaCl's box (Curve25519, XSalsa20, Poly1305), with its nonce of 24 bytes in
/// front, in base64 (cloudflared <c>token/encrypt.go</c>, <c>token/transfer.go</c>).
/// </summary>
/// <param name="Content">The body of the answer.</param>
/// <param name="Sender">The answer's header <c>service-public-key</c>: made for this one message.</param>
public sealed record SealedTransfer(string Content, TransferKey Sender)
{
    /// <summary>The header that holds <see cref="Sender"/>.</summary>
    public const string SenderHeader = "service-public-key";

    /// <summary>Characters of the longest content that is read.</summary>
    public const int MaxLength = 64 * 1024;

    internal const int NonceSize = 24;

    /// <summary>The nonce, and the 16 bytes by which the box is known to be whole.</summary>
    internal const int Overhead = NonceSize + 16;

    /// <exception cref="TransferFormatException">The key is none that anything can be encrypted to.</exception>
    public static SealedTransfer Seal(TransferKey recipient, ReadOnlySpan<byte> plaintext)
    {
        ArgumentNullException.ThrowIfNull(recipient);
        using var sender = PublicKeyBox.GenerateKeyPair();
        var nonce = PublicKeyBox.GenerateNonce();
        try
        {
            var box = PublicKeyBox.Create(plaintext.ToArray(), nonce, sender.PrivateKey, recipient.ToBytes());
            return new SealedTransfer(Convert.ToBase64String([.. nonce, .. box]), TransferKey.FromBytes(sender.PublicKey));
        }
        catch (CryptographicException e)
        {
            // Curve25519 has a few points, zero among them, with which every secret would be the same.
            throw new TransferFormatException("The key is not one that anything can be encrypted to.", e);
        }
    }
}
