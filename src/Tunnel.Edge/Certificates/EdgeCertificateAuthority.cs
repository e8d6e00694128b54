using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Certificates;

/// <summary>
/// The edge's own certificate authority: made at the first start, kept in the state folder. It vouches for the tunnel
/// port, the API and each hostname that the edge serves. Clients are given <see cref="CertificateFile"/> to trust.
/// </summary>
internal sealed class EdgeCertificateAuthority : IDisposable
{
    /// <summary>Names come from visitors' TLS: more than this many at a time are not remembered.</summary>
    private const int MaxRemembered = 1024;

    private static readonly TimeSpan s_rootLifetime = TimeSpan.FromDays(3650);
    private static readonly TimeSpan s_leafLifetime = TimeSpan.FromDays(30);
    private static readonly TimeSpan s_renewBefore = TimeSpan.FromDays(7);

    private readonly X509Certificate2 _root;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, Leaf> _leaves = new(StringComparer.OrdinalIgnoreCase);

    private EdgeCertificateAuthority(X509Certificate2 root, string certificateFile, TimeProvider time)
    {
        _root = root;
        _time = time;
        CertificateFile = certificateFile;
    }

    /// <summary>The authority's certificate, PEM.</summary>
    public string CertificateFile { get; }

    /// <summary>Loads the authority from the state folder, or makes it.</summary>
    /// <exception cref="CryptographicException">The files are there but are not a certificate and its key.</exception>
    public static EdgeCertificateAuthority Open(string directory, TimeProvider time)
    {
        var certificate = Path.Combine(directory, "ca.pem");
        var key = Path.Combine(directory, "ca-key.pem");
        if (!File.Exists(certificate) || !File.Exists(key))
        {
            Create(certificate, key, time.GetUtcNow());
        }

        return new EdgeCertificateAuthority(X509Certificate2.CreateFromPemFile(certificate, key), certificate, time);
    }

    /// <summary>The certificate to show for a host name or IP address.</summary>
    public SslStreamCertificateContext For(string name)
    {
        var now = _time.GetUtcNow();
        if (_leaves.TryGetValue(name, out var leaf) && leaf.RenewAt > now)
        {
            return leaf.Context;
        }

        leaf = Issue(name, now);
        if (_leaves.Count >= MaxRemembered)
        {
            _leaves.Clear();
        }

        _leaves[name] = leaf;
        return leaf.Context;
    }

    public void Dispose() => _root.Dispose();

    private static void Create(string certificateFile, string keyFile, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Tunnel embedded edge", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        using var root = request.CreateSelfSigned(now.AddMinutes(-5), now + s_rootLifetime);
        PrivateFile.Write(keyFile, key.ExportPkcs8PrivateKeyPem());
        PrivateFile.Write(certificateFile, root.ExportCertificatePem());
    }

    private Leaf Issue(string name, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(new X500DistinguishedName("CN=" + Shorten(name)), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false)); // serverAuth
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_root, true, false));
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(name, out var address))
        {
            names.AddIpAddress(address);
        }
        else
        {
            names.AddDnsName(name);
        }

        request.CertificateExtensions.Add(names.Build());
        var expires = now + s_leafLifetime < _root.NotAfter ? now + s_leafLifetime : _root.NotAfter;
        // A clock that was set back after the first start must not keep the edge from serving.
        var from = now.AddMinutes(-5) < _root.NotBefore ? _root.NotBefore : now.AddMinutes(-5);
        using var bare = request.Create(_root, from, expires, RandomNumberGenerator.GetBytes(16));
        // Not disposed on renewal: a handshake may still be using it; the finalizer has it.
        var certificate = bare.CopyWithPrivateKey(key);
        if (OperatingSystem.IsWindows())
        {
            // Its TLS takes no key that was never in a store.
            using var inMemory = certificate;
            certificate = X509CertificateLoader.LoadPkcs12(inMemory.Export(X509ContentType.Pkcs12), null);
        }

        return new Leaf(
            SslStreamCertificateContext.Create(certificate, [], offline: true), expires - s_renewBefore);
    }

    /// <summary>A common name holds 64 characters (RFC 5280, ub-common-name); clients read the alternative name.</summary>
    private static string Shorten(string name) => name.Length <= 64 ? name : name[^64..];

    private sealed record Leaf(SslStreamCertificateContext Context, DateTimeOffset RenewAt);
}
