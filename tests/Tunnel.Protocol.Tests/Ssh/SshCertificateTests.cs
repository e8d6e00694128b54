using System.Diagnostics;
using System.Security.Cryptography;
using Tunnel.Protocol.Ssh;

namespace Tunnel.Protocol.Tests.Ssh;

public sealed class SshCertificateTests : IDisposable
{
    private static readonly DateTimeOffset s_start = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);
    private readonly ECDsa _authority = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private SshCertificateContent Content => new(
        SshPublicKey.From(_key.ExportParameters(false)), "ann@example.com", ["ann"], s_start, s_start.AddMinutes(3)) { Serial = 7 };

    public void Dispose()
    {
        _authority.Dispose();
        _key.Dispose();
    }

    [Fact]
    public void A_certificate_is_read_back_as_it_was_signed()
    {
        // Many, because the halves of a signature differ in length.
        for (var i = 0; i < 300; i++)
        {
            var read = SshCertificate.Parse(SshCertificate.Sign(Content, _authority).ToString());

            Assert.Equal(("ann@example.com", 7UL), (read.Content.KeyId, read.Content.Serial));
            Assert.Equal(["ann"], read.Content.Principals);
            Assert.Equal((s_start, s_start.AddMinutes(3)), (read.Content.ValidAfter, read.Content.ValidBefore));
            Assert.Equal(Content.Key.Fingerprint, read.Content.Key.Fingerprint);
            Assert.Equal(SshPublicKey.From(_authority.ExportParameters(false)).Fingerprint, read.Authority.Fingerprint);
        }
    }

    [Fact]
    public void Every_changed_or_missing_byte_is_refused()
    {
        var parts = SshCertificate.Sign(Content, _authority).ToString().Split(' ');
        var blob = Convert.FromBase64String(parts[1]);
        for (var i = 0; i < blob.Length; i++)
        {
            var changed = blob.ToArray();
            changed[i] ^= 0x41;
            Assert.Throws<SshKeyFormatException>(() => SshCertificate.Parse($"{parts[0]} {Convert.ToBase64String(changed)}"));
            Assert.Throws<SshKeyFormatException>(() => SshCertificate.Parse($"{parts[0]} {Convert.ToBase64String(blob[..i])}"));
        }

        Assert.Throws<SshKeyFormatException>(() => SshCertificate.Parse($"{parts[0]} {Convert.ToBase64String([.. blob, 0])}"));
    }

    [Fact]
    public void Nobody_is_certified_as_everybody()
    {
        Assert.Throws<ArgumentException>(() => SshCertificate.Sign(Content with { Principals = [] }, _authority));
        Assert.Throws<ArgumentException>(() => SshCertificate.Sign(Content with { Principals = ["a\nb"] }, _authority));
        Assert.Throws<ArgumentException>(() => SshCertificate.Sign(Content with { ValidBefore = s_start }, _authority));
    }

    [Fact]
    public async Task Ssh_keygen_reads_what_was_signed()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/ssh-keygen"), "There is no ssh-keygen.");
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(path, SshCertificate.Sign(Content, _authority) + "\n", TestContext.Current.CancellationToken);
            var start = new ProcessStartInfo("/usr/bin/ssh-keygen", ["-L", "-f", path]) { RedirectStandardOutput = true };
            using var keygen = Process.Start(start)!;
            var shown = await keygen.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await keygen.WaitForExitAsync(TestContext.Current.CancellationToken);

            Assert.Equal(0, keygen.ExitCode);
            Assert.Contains("ecdsa-sha2-nistp256-cert-v01@openssh.com user certificate", shown, StringComparison.Ordinal);
            Assert.Contains("Key ID: \"ann@example.com\"", shown, StringComparison.Ordinal);
            Assert.Contains("permit-pty", shown, StringComparison.Ordinal);
            Assert.Contains(SshPublicKey.From(_authority.ExportParameters(false)).Fingerprint, shown, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
