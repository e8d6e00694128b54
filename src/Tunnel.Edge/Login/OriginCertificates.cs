using Tunnel.Edge.Api.Permissions;
using Tunnel.Edge.Store;
using Tunnel.Protocol.Credentials;

namespace Tunnel.Edge.Login;

/// <summary>Makes what a login is for: a <c>cert.pem</c> with an API token of its own.</summary>
internal sealed class OriginCertificates(EdgeStore store, TimeProvider time)
{
    /// <summary>
    /// Makes a certificate. What cloudflared does with one is all that its token may do: the account's tunnels, and the
    /// records of one zone. The account's tokens list it by the zone and by the key that asked.
    /// </summary>
    public IssuedCertificate Issue(ZoneRecord zone, string fingerprint)
    {
        var now = time.GetUtcNow();
        var token = new ApiTokenRecord
        {
            Id = Identifiers.NewHex32(),
            Name = $"Origin certificate {zone.Name} {fingerprint}",
            Policies = new TokenPolicies(
            [
                TokenPolicy.Allow(new ResourceName(ApiScope.Account, zone.AccountId), "Cloudflare Tunnel Write"),
                TokenPolicy.Allow(new ResourceName(ApiScope.Zone, zone.Id), "DNS Write"),
            ]).ToText(),
            IssuedOn = now,
            ModifiedOn = now,
        };
        return new IssuedCertificate(token.Id, new OriginCertificate(zone.Id, zone.AccountId, store.ApiTokens.Add(token)).ToPem());
    }

    /// <summary>Takes back one that could not be handed over.</summary>
    public void Revoke(IssuedCertificate certificate) => store.ApiTokens.Remove(certificate.TokenId);
}
