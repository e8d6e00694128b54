using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Tunnel.Access;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Identity;

/// <summary>
/// Verifies client certificates (RFC 5280, section 6): valid now, for the authentication of clients, by a chain to one of
/// the authorities that the account has for the hostname, and to no other. Revocation lists are not read: who must stay
/// out is kept out by a policy, or by taking the authority away.
/// </summary>
internal sealed class ClientCertificates(TimeProvider time)
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private const string CommonNameType = "2.5.4.3";

    /// <param name="shown">What a request's connection brought; null where no certificate was asked for.</param>
    /// <param name="hostname">That the request is for.</param>
    /// <param name="snapshot">Whose authorities count.</param>
    public ClientCertificateVerdict Verify(ShownCertificate? shown, string hostname, GatewaySnapshot snapshot)
    {
        if (shown is null
            || !string.Equals(shown.Hostname, hostname, StringComparison.OrdinalIgnoreCase)
            || !snapshot.Certificates.TryGetValue(hostname, out var authorities))
        {
            return ClientCertificateVerdict.NotAsked;
        }

        var now = time.GetUtcNow();
        if (shown.Known is not { } known || !ReferenceEquals(known.Authorities, authorities) || now < known.From || now > known.Until)
        {
            shown.Known = known = Verify(shown, authorities, now);
        }

        return known;
    }

    /// <summary>What tells the certificate of a request from others.</summary>
    public static string SubjectOf(HttpContext context) => "certificate:" + Convert.ToHexStringLower(
        SHA256.HashData(context.Features.Get<ShownCertificate>()?.Leaf?.RawData ?? []).AsSpan(0, 16));

    /// <summary>Who a visitor is whose valid certificate let it into an application; null where there is none.</summary>
    public static VerifiedIdentity? MachineOf(HttpContext context, AccessApplicationRecord application, ClientCertificateVerdict verdict) =>
        verdict is { Certificate: { IsPresent: true } certificate, AuthorityId: { } authority }
            && context.Features.Get<ShownCertificate>() is { } shown
            ? new VerifiedIdentity(null, null, $"{SubjectOf(context)}-{application.Id:N}")
            {
                Machine = new CertifiedMachine(certificate.CommonName, shown.Hostname, authority, verdict.Until),
            }
            : null;

    private static ClientCertificateVerdict Verify(
        ShownCertificate shown, IReadOnlyList<AccessCertificateRecord> authorities, DateTimeOffset now)
    {
        var refused = new ClientCertificateVerdict(VisitorCertificate.None, null, authorities, now, DateTimeOffset.MaxValue);
        if (shown.Leaf is not { } leaf)
        {
            return refused;
        }

        // Asked again at each request: what is not valid yet may be so in a moment.
        refused = refused with { Until = now };
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        chain.ChainPolicy.VerificationTimeIgnored = false;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
        chain.ChainPolicy.ExtraStore.AddRange(shown.Others);
        foreach (var authority in authorities)
        {
            chain.ChainPolicy.CustomTrustStore.Add(authority.Load());
        }

        try
        {
            if (!chain.Build(leaf))
            {
                return refused with { Rejection = "the client certificate is not valid: " + Reason(chain) };
            }

            var root = chain.ChainElements[^1].Certificate.RawData;
            return authorities.FirstOrDefault(a => a.Certificate.Span.SequenceEqual(root)) is { } authority
                ? new ClientCertificateVerdict(
                    new VisitorCertificate(CommonNameOf(leaf)), null, authorities,
                    chain.ChainElements.Max(e => new DateTimeOffset(e.Certificate.NotBefore)),
                    chain.ChainElements.Min(e => new DateTimeOffset(e.Certificate.NotAfter)))
                {
                    AuthorityId = authority.Id,
                }
                : refused with { Rejection = "the client certificate is not valid: of another authority" };
        }
        catch (CryptographicException)
        {
            return refused with { Rejection = "the client certificate cannot be read" };
        }
        finally
        {
            foreach (var certificate in chain.ChainPolicy.CustomTrustStore.Concat(chain.ChainElements.Select(e => e.Certificate)))
            {
                certificate.Dispose();
            }
        }
    }

    private static string Reason(X509Chain chain)
    {
        var all = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (flags, status) => flags | status.Status);
        return (all & X509ChainStatusFlags.NotTimeValid) != 0 ? "expired, or not valid yet"
            : (all & X509ChainStatusFlags.NotValidForUsage) != 0 ? "not for the authentication of clients"
            : (all & (X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot)) != 0 ? "of another authority"
            : all.ToString();
    }

    /// <summary>The subject's common name; null where it has none, or several, or is in a form of its own.</summary>
    private static string? CommonNameOf(X509Certificate2 certificate)
    {
        string? found = null;
        foreach (var name in certificate.SubjectName.EnumerateRelativeDistinguishedNames())
        {
            if (name.HasMultipleElements)
            {
                return null;
            }

            if (name.GetSingleElementType().Value == CommonNameType)
            {
                if (found is not null)
                {
                    return null;
                }

                found = name.GetSingleElementValue();
            }
        }

        return found;
    }
}
