using System.Security.Cryptography;
using CsCheck;
using Tunnel.Protocol.Ssh;

namespace Tunnel.Protocol.Tests.Ssh;

/// <summary>Whatever bytes come: a certificate that somebody signed, or a <see cref="SshKeyFormatException"/>.</summary>
public sealed class SshCertificatePropertyTests : IDisposable
{
    private const string Type = "ecdsa-sha2-nistp256-cert-v01@openssh.com";

    private readonly ECDsa _authority = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly SshPublicKey _key;

    public SshCertificatePropertyTests()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _key = SshPublicKey.From(key.ExportParameters(includePrivateParameters: false));
    }

    public void Dispose() => _authority.Dispose();

    [Fact]
    public void Any_content_is_read_back_as_it_was_signed()
    {
        var name = Gen.Char['!', '~'].Array[1, 40].Select(c => new string(c));
        var options = Gen.Dictionary(name, Gen.Char[' ', 'ÿ'].Array[0, 40].Select(c => new string(c)))[0, 8];
        Gen.Select(name, name.Array[1, 5], Gen.ULong, options, options, Gen.Int[0, int.MaxValue - 1]).Sample(
            (id, principals, serial, critical, extensions, after) =>
            {
                var start = DateTimeOffset.FromUnixTimeSeconds(after);
                var written = new SshCertificateContent(_key, id, principals, start, start.AddMinutes(4))
                {
                    Serial = serial, CriticalOptions = critical, Extensions = extensions,
                };
                var read = SshCertificate.Parse(SshCertificate.Sign(written, _authority).ToString()).Content;
                return (read.KeyId, read.Serial, read.ValidAfter, read.ValidBefore) == (id, serial, start, start.AddMinutes(4))
                    && read.Principals.SequenceEqual(principals) && Same(critical, read.CriticalOptions) && Same(extensions, read.Extensions);
            }, iter: 300);
    }

    [Fact]
    public void Random_bytes_are_refused() =>
        Gen.Byte.Array[0, 600].Sample(bytes => IsRefused(bytes), iter: 5_000);

    [Fact]
    public void Damaged_certificates_are_refused()
    {
        var blob = Blob();
        Gen.Select(Gen.Int[0, blob.Length - 1], Gen.Byte[1, 255]).Array[1, 4].Sample(changes =>
        {
            var changed = blob.ToArray();
            foreach (var (at, by) in changes)
            {
                changed[at] ^= by;
            }

            return changed.AsSpan().SequenceEqual(blob) || IsRefused(changed);
        }, iter: 3_000);
    }

    [Fact]
    public void Lengths_that_lie_are_refused()
    {
        var blob = Blob();
        Gen.Select(Gen.Int[0, blob.Length - 4], Gen.OneOf(Gen.UInt[uint.MaxValue - 64, uint.MaxValue], Gen.UInt[0, 4096])).Sample((at, length) =>
        {
            var changed = blob.ToArray();
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(changed.AsSpan(at), length);
            return changed.AsSpan().SequenceEqual(blob) || IsRefused(changed);
        }, iter: 3_000);
    }

    [Fact]
    public void Any_text_is_refused() => Gen.String[0, 200].Sample(text => Refuses(() => SshCertificate.Parse(text))
        && Refuses(() => SshCertificate.Parse(Type + " " + text)), iter: 2_000);

    [Fact]
    public void An_option_twice_is_refused_although_its_signature_is_right()
    {
        // Two options of one length in a signed certificate cannot be made here: so the parser is given a signature of ours.
        var fields = new SshWriter().String(Type).String(new byte[32]).Raw(SshKeyFields.Of(_key)).UInt64(1).UInt32(1).String("id")
            .String(new SshWriter().String("ann").ToArray()).UInt64(0).UInt64(ulong.MaxValue)
            .String(new SshWriter().String("a").String("").String("a").String("").ToArray()).String("").String("")
            .String(SshPublicKey.From(_authority.ExportParameters(false)).Blob.Span).ToArray();
        var signed = new SshWriter().Raw(fields).String(SshSignature.Sign(fields, _authority)).ToArray();

        Assert.True(IsRefused(signed));
    }

    private byte[] Blob() => Convert.FromBase64String(SshCertificate.Sign(
        new SshCertificateContent(_key, "ann@example.com", ["ann"], DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddMinutes(4)),
        _authority).ToString().Split(' ')[1]);

    private static bool Same(Dictionary<string, string> one, IReadOnlyDictionary<string, string> other) =>
        one.Count == other.Count && one.All(o => other.TryGetValue(o.Key, out var value) && value == o.Value);

    private static bool IsRefused(byte[] blob) => Refuses(() => SshCertificate.Parse($"{Type} {Convert.ToBase64String(blob)}"));

    private static bool Refuses(Action parse)
    {
        try
        {
            parse();
            return false;
        }
        catch (SshKeyFormatException)
        {
            return true;
        }
    }
}
