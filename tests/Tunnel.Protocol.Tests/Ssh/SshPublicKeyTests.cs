using System.Diagnostics;
using System.Security.Cryptography;
using Tunnel.Protocol.Ssh;

namespace Tunnel.Protocol.Tests.Ssh;

public sealed class SshPublicKeyTests
{
    [Fact]
    public void A_line_is_read_as_it_was_written()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var written = SshPublicKey.From(key.ExportParameters(false), "alice@example.com, work");
        var read = SshPublicKey.Parse($"  {written}\r\n".TrimEnd());
        Assert.Equal(written.ToString(), read.ToString());
        Assert.Equal((SshPublicKey.EcdsaP256, "alice@example.com, work"), (read.Type, read.Comment));
        Assert.True(written.Blob.Span.SequenceEqual(read.Blob.Span));
    }

    [Fact]
    public void A_key_without_a_comment_has_no_trailing_blank()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.Equal(2, SshPublicKey.From(key.ExportParameters(false)).ToString().Split(' ').Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ecdsa-sha2-nistp256")]
    [InlineData("ecdsa-sha2-nistp256 not-base64")]
    [InlineData("ecdsa-sha2-nistp256 AAAA")]
    [InlineData("ecdsa-sha2-nistp256 /////w==")]
    [InlineData("ecdsa-sha2-nistp256 AAAAC3NzaC1lZDI1NTE5AAAAIBxFCrPGuVuYeyzFgaMqz1XVKHu3bSsSGRfHZXPWTbLx")]
    [InlineData("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5")]
    [InlineData("ssh-ed25519-cert-v01@openssh.com AAAAC3NzaC1lZDI1NTE5AAAAIBxFCrPGuVuYeyzFgaMqz1XVKHu3bSsSGRfHZXPWTbLx")]
    [InlineData("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBxFCrPGuVuYeyzFgaMqz1XVKHu3bSsSGRfHZXPWTbLx a\ncert-authority b")]
    public void What_is_not_a_key_is_refused(string line) =>
        Assert.Throws<SshKeyFormatException>(() => SshPublicKey.Parse(line));

    [Fact]
    public void Ssh_keygen_reads_it_and_has_the_same_fingerprint()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/ssh-keygen"), "ssh-keygen is not installed.");
        var folder = Directory.CreateTempSubdirectory("tunnel-ssh-");
        try
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var line = SshPublicKey.From(key.ExportParameters(false), "ca");
            var file = Path.Combine(folder.FullName, "ca.pub");
            File.WriteAllText(file, line + "\n");
            using var process = Process.Start(new ProcessStartInfo("/usr/bin/ssh-keygen", ["-l", "-f", file]) { RedirectStandardOutput = true })!;
            Assert.Equal($"256 {line.Fingerprint} ca (ECDSA)", process.StandardOutput.ReadToEnd().Trim());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
