using System.Net;
using System.Security.Cryptography.X509Certificates;
using Tunnel.Core.Api;

namespace Tunnel.Core.Accounts;

/// <summary>
/// A connected account: an identifier, the client that speaks for it, and where its edge is. Owns the client; disposing
/// forgets the API token.
/// </summary>
public sealed class TunnelAccount : IDisposable
{
    internal TunnelAccount(Account account, TokenVerification? token, TunnelApiClient api, AccountConnectorOptions options)
    {
        AccountId = account.Id;
        Name = account.Name;
        Token = token;
        Api = api;
        EdgeAddresses = options.EdgeAddresses;
        PublicEndPoint = options.PublicEndPoint;
        CertificateAuthorityFile = options.CertificateAuthorityFile;
    }

    public string AccountId { get; }

    public string Name { get; }

    /// <summary>The address of the API, with its trailing slash.</summary>
    public Uri ApiAddress => Api.BaseAddress;

    public TunnelApiClient Api { get; }

    /// <summary>What the API says of the token; null for an API that could not tell.</summary>
    public TokenVerification? Token { get; }

    /// <summary>
    /// The permissions that the token lacks for what this module can do, as far as the API tells; null when they were not
    /// looked for.
    /// </summary>
    public IReadOnlyList<MissingPermission>? MissingPermissions { get; internal init; }

    /// <summary>Where connectors dial; empty: Cloudflare's network.</summary>
    public IReadOnlyList<DnsEndPoint> EdgeAddresses { get; }

    /// <summary>Where visitors' clients connect instead of the hostname's own address; null: by DNS.</summary>
    public DnsEndPoint? PublicEndPoint { get; }

    /// <summary>The PEM file of the authorities that vouch for API and edge; null: the system's.</summary>
    public string? CertificateAuthorityFile { get; }

    /// <summary>The authorities of <see cref="CertificateAuthorityFile"/>; null: the system's.</summary>
    public X509Certificate2Collection? LoadCertificateAuthorities() =>
        CertificateAuthorityFile is { } file ? AccountCertificates.Load(file) : null;

    public void Dispose() => Api.Dispose();

    public override string ToString() => $"{Name} ({AccountId}) at {ApiAddress.Authority}";
}
