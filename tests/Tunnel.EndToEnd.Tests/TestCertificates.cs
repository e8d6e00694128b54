using System.Globalization;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests;

/// <summary>Certificates made with openssl: authorities, and what they sign.</summary>
internal sealed class TestCertificates : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    /// <summary>The path of a file of these.</summary>
    public string File(string name) => _folder.File(name);

    /// <summary>A root authority: <c>NAME.pem</c> and <c>NAME.key</c>.</summary>
    public async Task<string> AuthorityAsync(string name)
    {
        await OpenSslAsync(
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", File(name + ".key"),
            "-out", File(name + ".pem"), "-subj", "/CN=" + name, "-days", "10",
            "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign");
        return await System.IO.File.ReadAllTextAsync(File(name + ".pem"));
    }

    /// <summary>A certificate, PEM, and its key, behind each other in one file.</summary>
    /// <param name="authority">The name of the authority that signs it.</param>
    /// <param name="subject">Such as <c>/CN=laptop</c>.</param>
    /// <param name="extensions">Lines of openssl's configuration.</param>
    /// <param name="days">For how many days; of fewer than none it is over.</param>
    /// <param name="name">The file's name.</param>
    public async Task<string> IssueAsync(
        string authority, string subject, string extensions = "extendedKeyUsage=clientAuth", int days = 5, string name = "client")
    {
        await OpenSslAsync(
            "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", File(name + ".key"),
            "-out", File(name + ".csr"), "-subj", subject);
        await System.IO.File.WriteAllTextAsync(File(name + ".ext"), extensions);
        await OpenSslAsync(
            "x509", "-req", "-in", File(name + ".csr"), "-CA", File(authority + ".pem"), "-CAkey", File(authority + ".key"),
            "-CAcreateserial", "-out", File(name + ".crt"), "-extfile", File(name + ".ext"),
            "-days", days.ToString(CultureInfo.InvariantCulture));
        var both = File(name + ".both.pem");
        await System.IO.File.WriteAllTextAsync(both,
            await System.IO.File.ReadAllTextAsync(File(name + ".crt")) + await System.IO.File.ReadAllTextAsync(File(name + ".key")));
        return both;
    }

    public void Dispose() => _folder.Dispose();

    private static async Task OpenSslAsync(params string[] arguments)
    {
        var result = await ProcessResult.RunAsync("openssl", arguments);
        Assert.True(result.ExitCode == 0, result.Error);
    }
}
