using System.Runtime.InteropServices;

namespace Tunnel.Agent.Access;

/// <summary>Keeps the runtime from loading every certificate of the system to check one chain.</summary>
/// <remarks>
/// Whatever roots a program asks for, building a chain on Linux first reads the whole of OpenSSL's default store: 55 of
/// the 67 ms that a visitor took to its first byte, measured. So the program names the file with the roots itself, of
/// which only what the chain needs is loaded, and shows the runtime an empty store. The runtime reads the variables from
/// the C library, hence setenv; this runs before there is a second thread. A user's own SSL_CERT_FILE or SSL_CERT_DIR
/// is left alone, and then so is everything else.
/// </remarks>
internal static partial class SystemTrust
{
    private const string Empty = "/dev/null";

    /// <summary>Where Linux distributions keep their bundle: Debian, Fedora, SUSE, Alpine.</summary>
    private static readonly string[] s_bundles =
    [
        "/etc/ssl/certs/ca-certificates.crt",
        "/etc/pki/tls/certs/ca-bundle.crt",
        "/etc/ssl/ca-bundle.pem",
        "/etc/ssl/cert.pem",
    ];

    /// <summary>To be called before anything of TLS.</summary>
    /// <param name="certificateAuthorityFile">What the user named, if anything.</param>
    /// <returns>The file of roots to use; null for the runtime's own way.</returns>
    public static string? Prepare(string? certificateAuthorityFile)
    {
        var isUsers = Environment.GetEnvironmentVariable("SSL_CERT_FILE") is not null
            || Environment.GetEnvironmentVariable("SSL_CERT_DIR") is not null;
        var file = certificateAuthorityFile ?? (isUsers || !OperatingSystem.IsLinux() ? null : Find());
        if (file is not null && OperatingSystem.IsLinux())
        {
            _ = SetVariable("SSL_CERT_FILE", Empty, 1);
            _ = SetVariable("SSL_CERT_DIR", Empty, 1);
        }

        return file;
    }

    private static string? Find()
    {
        foreach (var bundle in s_bundles)
        {
            if (File.Exists(bundle))
            {
                return bundle;
            }
        }

        return null;
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
