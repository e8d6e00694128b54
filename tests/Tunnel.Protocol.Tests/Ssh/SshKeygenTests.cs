using System.Diagnostics;
using System.Security.Cryptography;
using Tunnel.Protocol.Ssh;

namespace Tunnel.Protocol.Tests.Ssh;

/// <summary>OpenSSH's own program decides whether we speak the format: it reads ours, we read its.</summary>
public sealed class SshKeygenTests : IDisposable
{
    private const string Keygen = "/usr/bin/ssh-keygen";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tunnel-ssh-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("ed25519", "256", "ed25519", "256")]
    [InlineData("ecdsa", "256", "rsa", "2048")]
    [InlineData("ecdsa", "384", "ecdsa", "384")]
    [InlineData("rsa", "3072", "ecdsa", "521")]
    [InlineData("ecdsa", "521", "ed25519", "256")]
    public async Task What_it_signed_is_read(string authority, string authorityBits, string key, string keyBits)
    {
        await MakeAsync("ca", authority, authorityBits);
        await MakeAsync("user", key, keyBits);

        await RunAsync("-q", "-s", File("ca"), "-I", "Zoë @ home", "-n", "ann,bob", "-z", "18446744073709551615",
            "-V", "20300101000000Z:20300101000300Z", "-O", "force-command=echo \"hello\"", "-O", "source-address=192.0.2.0/24",
            "-O", "critical:nobody@example.com=knows this", "-O", "extension:login@example.com=ann", "-O", "no-x11-forwarding",
            File("user.pub"));
        var read = SshCertificate.Parse(Text("user-cert.pub"));

        Assert.Equal(("Zoë @ home", ulong.MaxValue), (read.Content.KeyId, read.Content.Serial));
        Assert.Equal(["ann", "bob"], read.Content.Principals);
        Assert.Equal(TimeSpan.FromMinutes(3), read.Content.ValidBefore - read.Content.ValidAfter);
        Assert.Equal(SshPublicKey.Parse(Text("user.pub")).Fingerprint, read.Content.Key.Fingerprint);
        Assert.Equal(SshPublicKey.Parse(Text("ca.pub")).Fingerprint, read.Authority.Fingerprint);
        Assert.Equal(
            [("force-command", "echo \"hello\""), ("nobody@example.com", "knows this"), ("source-address", "192.0.2.0/24")],
            read.Content.CriticalOptions.OrderBy(o => o.Key).Select(o => (o.Key, o.Value)));
        Assert.Equal("ann", read.Content.Extensions["login@example.com"]);
        Assert.Contains("permit-pty", read.Content.Extensions.Keys);
        Assert.DoesNotContain("permit-X11-forwarding", read.Content.Extensions.Keys);
        Assert.Equal(Text("user-cert.pub").Split(' ')[1], read.ToString().Split(' ')[1]);
    }

    [Fact]
    public async Task A_certificate_for_ever_and_for_everybody_is_read_and_one_of_a_host_is_not()
    {
        await MakeAsync("ca", "ed25519", "256");
        await MakeAsync("user", "ed25519", "256");
        await RunAsync("-q", "-s", File("ca"), "-I", "all", File("user.pub"));

        var read = SshCertificate.Parse(Text("user-cert.pub"));

        Assert.Empty(read.Content.Principals);
        Assert.Equal((DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue), (read.Content.ValidAfter, read.Content.ValidBefore));
        await RunAsync("-q", "-s", File("ca"), "-h", "-I", "host", File("user.pub"));
        Assert.Throws<SshKeyFormatException>(() => SshCertificate.Parse(Text("user-cert.pub")));
    }

    [Fact]
    public async Task A_certificate_signed_with_SHA1_is_refused()
    {
        await MakeAsync("ca", "rsa", "2048");
        await MakeAsync("user", "ed25519", "256");
        await RunAsync("-q", "-s", File("ca"), "-t", "ssh-rsa", "-I", "old", "-n", "ann", File("user.pub"));

        Assert.Throws<SshKeyFormatException>(() => SshCertificate.Parse(Text("user-cert.pub")));
    }

    [Theory]
    [InlineData("ed25519", "256")]
    [InlineData("ecdsa", "256")]
    [InlineData("ecdsa", "384")]
    [InlineData("ecdsa", "521")]
    [InlineData("rsa", "2048")]
    public async Task What_we_signed_is_read_by_it_in_every_field(string type, string bits)
    {
        await MakeAsync("user", type, bits);
        using var authority = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var start = DateTimeOffset.FromUnixTimeSeconds(1_900_000_000);
        var content = new SshCertificateContent(SshPublicKey.Parse(Text("user.pub")), "ann@example.com", ["ann"], start, start.AddMinutes(4))
        {
            Serial = 9_223_372_036_854_775_808,
            CriticalOptions = new Dictionary<string, string> { ["source-address"] = "192.0.2.7/32" },
        };

        await System.IO.File.WriteAllTextAsync(File("cert.pub"), SshCertificate.Sign(content, authority) + "\n", TestContext.Current.CancellationToken);
        var shown = (await RunAsync("-L", "-f", File("cert.pub"))).Split('\n', StringSplitOptions.TrimEntries);

        Assert.Contains(shown, line => line.EndsWith("-cert-v01@openssh.com user certificate", StringComparison.Ordinal));
        Assert.Contains("Key ID: \"ann@example.com\"", shown);
        Assert.Contains("Serial: 9223372036854775808", shown);
        Assert.Contains("Valid: from 2030-03-17T17:46:40 to 2030-03-17T17:50:40", shown);
        Assert.Contains("source-address 192.0.2.7/32", shown);
        Assert.Equal(content.Extensions.Keys.Order(StringComparer.Ordinal), shown[(Array.IndexOf(shown, "Extensions:") + 1)..^1]);
        Assert.Equal("ann", shown[Array.IndexOf(shown, "Principals:") + 1]);
        var read = SshCertificate.Parse(Text("cert.pub"));
        Assert.Equal("192.0.2.7/32", read.Content.CriticalOptions["source-address"]);
    }

    [Theory]
    [InlineData("rsa")]
    [InlineData("dsa")]
    public async Task Weak_keys_are_not_certified(string type)
    {
        using var authority = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        SshPublicKey key;
        if (type == "dsa")
        {
            // Later versions of ssh-keygen make none.
            var blob = new SshWriter().String("ssh-dss").String([1]).String([1]).String([1]).String([1]).ToArray();
            key = SshPublicKey.Parse("ssh-dss " + Convert.ToBase64String(blob));
        }
        else
        {
            await MakeAsync("user", type, "1024");
            key = SshPublicKey.Parse(Text("user.pub"));
        }

        Assert.Throws<SshKeyFormatException>(key.EnsureStrong);
        Assert.Throws<SshKeyFormatException>(() => SshCertificate.Sign(
            new SshCertificateContent(key, "a", ["a"], DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue), authority));
    }

    private string File(string name) => Path.Combine(_folder.FullName, name);

    private string Text(string name) => System.IO.File.ReadAllText(File(name)).Trim();

    private Task<string> MakeAsync(string name, string type, string bits) =>
        RunAsync("-q", "-t", type, "-b", bits, "-N", "", "-C", "", "-f", File(name));

    private static async Task<string> RunAsync(params string[] arguments)
    {
        Assert.SkipUnless(System.IO.File.Exists(Keygen), "There is no ssh-keygen.");
        var start = new ProcessStartInfo(Keygen, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["TZ"] = "UTC";
        using var keygen = Process.Start(start)!;
        var error = keygen.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await keygen.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await keygen.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(keygen.ExitCode == 0, await error);
        return output;
    }
}
