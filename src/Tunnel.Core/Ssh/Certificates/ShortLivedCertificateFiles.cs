using Tunnel.Core.Client;
using Tunnel.Core.Files;

namespace Tunnel.Core.Ssh.Certificates;

/// <summary>Where a host's key and certificate lie: as cloudflared names them (<c>token/path.go</c>).</summary>
/// <param name="IdentityFile">The private key, <c>HOST-cf_key</c>.</param>
public sealed record ShortLivedCertificateFiles(string IdentityFile)
{
    /// <summary>The public key.</summary>
    public string PublicKeyFile => IdentityFile + ".pub";

    /// <summary>The certificate.</summary>
    public string CertificateFile => IdentityFile + "-cert.pub";

    /// <summary>Held by who changes the others.</summary>
    internal string LockFile => IdentityFile + ".lock";

    /// <param name="folder">The folder; null for <c>~/.cloudflared</c>.</param>
    /// <param name="address">The application.</param>
    public static ShortLivedCertificateFiles Of(string? folder, AccessAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        folder ??= CloudflaredFolders.OfUser()[0];
        var path = address.PathAndQuery.Split('?')[0].TrimEnd('/');
        var name = (address.Host + path).Replace('/', '-').Replace('\\', '-').Replace(':', '-');
        return new ShortLivedCertificateFiles(Path.Combine(Path.GetFullPath(folder), name + "-cf_key"));
    }
}
