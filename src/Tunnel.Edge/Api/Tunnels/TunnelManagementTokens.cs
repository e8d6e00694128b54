using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Api.Tunnels;

/// <summary>
/// Short-lived tokens for a tunnel's management, as cloudflared reads them (<c>management/token.go</c>). The edge serves no
/// management itself, so nothing has to know the key after a restart.
/// </summary>
internal sealed class TunnelManagementTokens
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private readonly Lazy<SigningCredentials> _credentials = new(() => new SigningCredentials(
        new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP256)), SecurityAlgorithms.EcdsaSha256));

    public string Issue(TunnelRecord tunnel, ApiTokenRecord caller, DateTimeOffset now)
    {
        var claims = new JsonObject
        {
            ["tun"] = new JsonObject { ["id"] = tunnel.Id.ToString("D"), ["account_tag"] = tunnel.AccountId },
            ["actor"] = new JsonObject { ["id"] = caller.Id, ["support"] = false },
            ["iss"] = "tunnelstore",
            ["jti"] = Guid.NewGuid().ToString("D"),
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + Lifetime).ToUnixTimeSeconds(),
        };
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }
            .CreateToken(claims.ToJsonString(), _credentials.Value);
    }
}
