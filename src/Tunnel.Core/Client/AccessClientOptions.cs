using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Tunnel.Core.Client;

/// <summary>Where a visitor's stream goes and what the visitor shows at the door.</summary>
/// <remarks>A class, not a record: nothing of it may be printed by accident, for it holds secrets.</remarks>
public sealed class AccessClientOptions
{
    private string? _appToken;

    /// <summary>The application's address. A host name converts to it.</summary>
    public required AccessAddress Address { get; init; }

    /// <summary>Dial this instead of the address's own host. The certificate is still the address's.</summary>
    public DnsEndPoint? ConnectTo { get; init; }

    /// <summary>The TLS server name to send, and to require of the certificate; null for the address's host.</summary>
    public string? ServerName { get; init; }

    /// <summary>The only roots to trust; null for the system's.</summary>
    public X509Certificate2Collection? CertificateAuthorities { get; init; }

    /// <summary>
    /// A PEM file with the only roots to trust, instead of <see cref="CertificateAuthorities"/>; of a long one (a
    /// system's bundle) only what the server's chain needs is loaded.
    /// </summary>
    public string? CertificateAuthorityFile { get; init; }

    /// <summary>Client id of a service token, with <see cref="ServiceTokenSecret"/>.</summary>
    public string? ServiceTokenId { get; init; }

    public string? ServiceTokenSecret { get; init; }

    /// <summary>An application token (JWT).</summary>
    public string? AppToken { get => _appToken; init => _appToken = value; }

    /// <summary>Whether the visitor shows anything, be it good or not.</summary>
    public bool HasProof => ServiceTokenId is not null || AppToken is not null;

    /// <summary>Behind a bastion: the <c>host:port</c> that the far end shall connect to.</summary>
    public string? Destination { get; init; }

    /// <summary>More request headers, name and value.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    public string UserAgent { get; init; } = "tunnel";

    /// <summary>For connecting, TLS and the answer to the upgrade together.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Let every operation block the calling thread in the kernel, so that asynchronous methods return completed.
    /// For a program that carries one stream and counts its start in milliseconds; not for a thread pool's thread.
    /// </summary>
    public bool BlockingIo { get; init; }

    /// <summary>The same with an application token.</summary>
    public AccessClientOptions WithAppToken(string token)
    {
        var copy = (AccessClientOptions)MemberwiseClone();
        copy._appToken = token;
        return copy;
    }
}
