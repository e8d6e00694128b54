using System.Text;
using CsCheck;
using Tunnel.Protocol.Transfers;

namespace Tunnel.Protocol.Tests.Transfers;

public sealed class TransferTests
{
    /// <summary>Alice's public key in RFC 7748, section 6.1.</summary>
    private const string AlicePublic = "hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo=";

    [Fact]
    public void What_is_sealed_to_a_key_opens_with_it() =>
        Gen.Byte.Array[0, 4096].Sample(plaintext =>
        {
            using var keys = TransferKeyPair.Generate();
            return keys.Open(SealedTransfer.Seal(keys.PublicKey, plaintext)).AsSpan().SequenceEqual(plaintext);
        }, iter: 50);

    [Fact]
    public void What_was_sealed_to_another_key_does_not_open()
    {
        using var keys = TransferKeyPair.Generate();
        using var other = TransferKeyPair.Generate();
        var message = SealedTransfer.Seal(keys.PublicKey, "secret"u8);

        Assert.Throws<TransferFormatException>(() => other.Open(message));
        Assert.Throws<TransferFormatException>(() => keys.Open(message with { Sender = other.PublicKey }));
    }

    [Fact]
    public void A_message_changed_anywhere_does_not_open()
    {
        using var keys = TransferKeyPair.Generate();
        var message = SealedTransfer.Seal(keys.PublicKey, "secret"u8);
        var bytes = Convert.FromBase64String(message.Content);
        for (var i = 0; i < bytes.Length; i++)
        {
            var changed = (byte[])bytes.Clone();
            changed[i] ^= 1;
            Assert.Throws<TransferFormatException>(() => keys.Open(message with { Content = Convert.ToBase64String(changed) }));
            Assert.Throws<TransferFormatException>(() => keys.Open(message with { Content = Convert.ToBase64String(bytes[..i]) }));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("not base64!")]
    [InlineData("AAAA")]
    public void What_is_no_message_does_not_open(string content)
    {
        using var keys = TransferKeyPair.Generate();

        Assert.Throws<TransferFormatException>(() => keys.Open(new SealedTransfer(content, keys.PublicKey)));
        Assert.Throws<TransferFormatException>(() => keys.Open(new SealedTransfer(new string('A', 1_000_000), keys.PublicKey)));
    }

    [Fact]
    public void A_key_with_which_every_secret_would_be_the_same_is_refused() =>
        Assert.Throws<TransferFormatException>(() => SealedTransfer.Seal(TransferKey.FromBytes(new byte[32]), "secret"u8));

    [Fact]
    public void A_key_has_one_name_however_it_is_written()
    {
        Assert.True(TransferKey.TryParse(AlicePublic, out var padded));
        Assert.True(TransferKey.TryParse(AlicePublic.TrimEnd('='), out var bare));
        Assert.Equal(padded, bare);
        // The last character has two bits that stand for nothing.
        Assert.True(!TransferKey.TryParse(AlicePublic.Replace("o=", "p=", StringComparison.Ordinal), out var odd) || odd == padded);
        Assert.Equal(AlicePublic, bare!.ToString());
        Assert.Equal(padded!.Fingerprint, bare.Fingerprint);
        Assert.Matches("^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$", padded.Fingerprint);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTm")]
    [InlineData("hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo==")]
    [InlineData("hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo=")]
    [InlineData("hSDwCYkwp1R0i33ctD73Wg2 Og0mOBr066SpjqqbTmo=")]
    [InlineData("../../../../../../../../../../../../../../..")]
    public void What_is_no_key_is_not_read(string? text) => Assert.False(TransferKey.TryParse(text, out _));

    [Fact]
    public void A_key_pair_shows_its_public_key_only()
    {
        using var keys = TransferKeyPair.Generate();

        Assert.Equal($"TransferKeyPair {{ PublicKey = {keys.PublicKey} }}", keys.ToString());
        Assert.NotEqual(keys.PublicKey.ToBytes(), keys.Open(SealedTransfer.Seal(keys.PublicKey, Encoding.UTF8.GetBytes("x"))));
    }
}
