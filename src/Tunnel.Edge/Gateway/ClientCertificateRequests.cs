using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Tunnel.Edge.Api.Http;
using Tunnel.Edge.Identity;
using Tunnel.Edge.Store;
using Tunnel.Protocol.Trust;

namespace Tunnel.Edge.Gateway;

/// <summary>
/// Asks visitors for a client certificate, at hostnames that have an authority for them and nowhere else. TLS ends well
/// whatever they show: Access judges it at each request, by what the account says then, and says in the log what is wrong.
/// </summary>
internal sealed class ClientCertificateRequests(EdgeStore store)
{
    /// <summary>Certificates that come with the visitor's: a chain has a few, an attack has many.</summary>
    private const int MaxIntermediates = 8;

    public void Prepare(TlsHandshakeCallbackContext context, SslServerAuthenticationOptions handshake)
    {
        var hostname = DomainName.Normalize(context.ClientHelloInfo.ServerName ?? "");
        if (!store.Snapshot.Certificates.ContainsKey(hostname))
        {
            return;
        }

        var shown = new ShownCertificate(hostname);
        context.Connection.Features.Set(shown);
        handshake.ClientCertificateRequired = true;
        // A resumed session would bring a certificate along, without its chain, that nobody has shown this time.
        handshake.AllowTlsResume = false;
        // TLS itself builds a chain before it asks: it must fetch nothing for that from where a visitor's certificate says.
        handshake.CertificateChainPolicy = PrivateAuthorities.TrustOnly([]);
#pragma warning disable CA5359 // Access verifies it, at each request: see ClientCertificates.
        handshake.RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
        {
            // Copies: TLS disposes of its own.
            if (certificate is not null)
            {
                shown.Leaf = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
                foreach (var other in (chain?.ChainPolicy.ExtraStore ?? []).Take(MaxIntermediates))
                {
                    shown.Others.Add(X509CertificateLoader.LoadCertificate(other.RawData));
                }
            }

            return true;
        };
#pragma warning restore CA5359
    }
}
