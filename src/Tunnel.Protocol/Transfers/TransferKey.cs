using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Tunnel.Protocol.Transfers;

/// <summary>
/// The public key (Curve25519) of a program that waits for something a browser fetches for it. It is also the name under
/// which the result is kept, and to know it is to be allowed to fetch it: 256 random bits, made for one transfer.
/// </summary>
public sealed record TransferKey
{
    /// <summary>Bytes of a key.</summary>
    public const int Size = 32;

    /// <summary>Characters of <see cref="ToString"/>, with its one <c>=</c>.</summary>
    public const int TextLength = 44;

    /// <summary>Crockford's base 32: no letters that are taken for digits when read aloud.</summary>
    private const string FingerprintAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private readonly string _text;

    private TransferKey(string text) => _text = text;

    /// <summary>
    /// Twelve characters to compare by eye, such as <c>7QK2-M0XF-93TA</c>: 60 bits of the key's SHA-256 hash.
    /// </summary>
    public string Fingerprint
    {
        get
        {
            var hash = SHA256.HashData(ToBytes());
            return string.Create(14, hash, static (text, hash) =>
            {
                for (var i = 0; i < text.Length; i++)
                {
                    // Bytes are uniform, and 256 is a multiple of 32.
                    text[i] = i is 4 or 9 ? '-' : FingerprintAlphabet[hash[i] & 31];
                }
            });
        }
    }

    /// <exception cref="ArgumentException">Not 32 bytes.</exception>
    public static TransferKey FromBytes(ReadOnlySpan<byte> key) => key.Length == Size
        ? new TransferKey(Base64Url.EncodeToString(key) + "=")
        : throw new ArgumentException($"A key has {Size} bytes.", nameof(key));

    /// <summary>Reads URL-safe base64, with its padding or without.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out TransferKey? key)
    {
        key = null;
        var body = text is { Length: TextLength } && text[^1] == '=' ? text.AsSpan(0, TextLength - 1) : text.AsSpan();
        Span<byte> bytes = stackalloc byte[Size];
        if (body.Length != TextLength - 1 || body.ContainsAnyInRange('\0', ' ')
            || Base64Url.DecodeFromChars(body, bytes, out _, out var count) != OperationStatus.Done || count != Size)
        {
            return false;
        }

        // Written anew: the last character's unused bits must not make two names of one key.
        key = FromBytes(bytes);
        return true;
    }

    public byte[] ToBytes() => Base64Url.DecodeFromChars(_text);

    /// <summary>URL-safe base64 with padding, as cloudflared writes it.</summary>
    public override string ToString() => _text;
}
