using System.Security.Cryptography;
using Sodium;
using Sodium.Exceptions;

namespace Tunnel.Protocol.Transfers;

/// <summary>The keys of one transfer, made for it and forgotten after it: they are never written anywhere.</summary>
/// <example><code>
/// using var keys = TransferKeyPair.Generate();
/// // ... the browser is sent off with keys.PublicKey, and the answer arrives ...
/// byte[] certificate = keys.Open(new SealedTransfer(body, sender));
/// </code></example>
public sealed class TransferKeyPair : IDisposable
{
    private readonly byte[] _privateKey;

    private TransferKeyPair(TransferKey publicKey, byte[] privateKey)
    {
        PublicKey = publicKey;
        _privateKey = privateKey;
    }

    public TransferKey PublicKey { get; }

    public static TransferKeyPair Generate()
    {
        using var pair = PublicKeyBox.GenerateKeyPair();
        return new TransferKeyPair(TransferKey.FromBytes(pair.PublicKey), [.. pair.PrivateKey]);
    }

    /// <summary>Opens what was sealed to <see cref="PublicKey"/>.</summary>
    /// <exception cref="TransferFormatException">It was sealed to another key, was changed on its way, or is no such thing.</exception>
    public byte[] Open(SealedTransfer transfer)
    {
        ArgumentNullException.ThrowIfNull(transfer);
        if (transfer.Content.Length > SealedTransfer.MaxLength)
        {
            throw new TransferFormatException($"The transfer is longer than {SealedTransfer.MaxLength} characters.");
        }

        var content = new byte[transfer.Content.Length];
        if (!Convert.TryFromBase64String(transfer.Content, content, out var count) || count < SealedTransfer.Overhead)
        {
            throw new TransferFormatException("The transfer is not base64 of a nonce and a box.");
        }

        try
        {
            return PublicKeyBox.Open(
                content[SealedTransfer.NonceSize..count], content[..SealedTransfer.NonceSize], _privateKey, transfer.Sender.ToBytes());
        }
        catch (Exception e) when (e is CryptographicException or KeyOutOfRangeException)
        {
            throw new TransferFormatException("The transfer was not sealed to this key, or was changed on its way.", e);
        }
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(_privateKey);

    /// <summary>The public key only.</summary>
    public override string ToString() => $"TransferKeyPair {{ PublicKey = {PublicKey} }}";
}
