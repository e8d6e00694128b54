using System.Security.Cryptography.X509Certificates;

namespace Tunnel.Edge.Identity;

/// <summary>What a visitor showed in the TLS handshake of a connection on which a client certificate was asked for.</summary>
/// <param name="hostname">The name that the connection was made for: it counts there and nowhere else.</param>
internal sealed class ShownCertificate(string hostname)
{
    private ClientCertificateVerdict? _known;

    public string Hostname { get; } = hostname;

    /// <summary>Its key was proven by the handshake; nothing else was. Null where the visitor has none.</summary>
    public X509Certificate2? Leaf { get; set; }

    /// <summary>The certificates that came with it.</summary>
    public X509Certificate2Collection Others { get; } = [];

    /// <summary>The last verdict on it: a chain costs more than the request that asks.</summary>
    public ClientCertificateVerdict? Known
    {
        get => Volatile.Read(ref _known);
        set => Volatile.Write(ref _known, value);
    }
}
