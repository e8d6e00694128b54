using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tunnel.Protocol.Trust;

namespace Tunnel.Core.Client;

/// <summary>Decides whether a server's certificate is to be trusted, and says why not.</summary>
internal sealed class ServerTrust(AccessClientOptions options, string serverName)
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    private readonly CertificateBundle? _bundle =
        options.CertificateAuthorityFile is { } path ? new CertificateBundle(path) : null;

    /// <summary>Why the certificate that was checked last is not trusted; null when it is.</summary>
    public string? Objection { get; private set; }

    /// <summary>How TLS builds the chain before <see cref="Check"/> is asked.</summary>
    /// <remarks>With a bundle it trusts nothing yet: its roots are chosen by the certificates that the server shows.</remarks>
    public X509ChainPolicy CreatePolicy() => CreatePolicy(
        _bundle is not null ? [] : options.CertificateAuthorities);

    public bool Check(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        var status = chain?.ChainStatus ?? [];
        if (errors == SslPolicyErrors.RemoteCertificateChainErrors && _bundle is not null && certificate is not null)
        {
            var presented = chain?.ChainPolicy.ExtraStore ?? [];
            if (Build(certificate, presented, _bundle.IssuersOf([certificate, .. presented]), out status)
                || Build(certificate, presented, _bundle.All(), out status))
            {
                errors = SslPolicyErrors.None;
            }
        }

        Objection = errors == SslPolicyErrors.None ? null : Explain(certificate, status, errors);
        return errors == SslPolicyErrors.None;
    }

    private static bool Build(
        X509Certificate2 certificate, X509Certificate2Collection presented, X509Certificate2Collection roots,
        out X509ChainStatus[] status)
    {
        using var chain = new X509Chain { ChainPolicy = CreatePolicy(roots) };
        chain.ChainPolicy.ExtraStore.AddRange(presented);
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        var trusted = chain.Build(certificate);
        status = chain.ChainStatus;
        return trusted;
    }

    // Like Go's clients: no fetching of missing intermediates or revocation lists on the way, which could hang.
    private static X509ChainPolicy CreatePolicy(X509Certificate2Collection? roots) => roots is not null
        ? PrivateAuthorities.TrustOnly(roots)
        : new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };

    private string Explain(X509Certificate2? certificate, X509ChainStatus[] status, SslPolicyErrors errors)
    {
        var reasons = new List<string>();
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
        {
            reasons.Add("it shows none");
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            reasons.Add($"it is for {certificate?.GetNameInfo(X509NameType.DnsName, forIssuer: false)}, not for {serverName}");
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
        {
            reasons.AddRange(status.Select(entry => entry.Status.ToString()).Distinct());
            reasons.Add($"issued by {certificate?.Issuer}, which leads to none of the certificate authorities trusted here");
        }

        return string.Join("; ", reasons);
    }
}
