using System.Net;
using Tunnel.Edge.Api.Http;
using Tunnel.Edge.Api.Permissions;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Login;

/// <summary>
/// Who may authorize a program: whoever may make API tokens, and may do all that the program's certificate will permit.
/// Nobody hands out more than they have.
/// </summary>
internal sealed class LoginAuthority(EdgeStore store, TimeProvider time)
{
    /// <summary>Who has this API token; null when it is none, or none that may be used from this address.</summary>
    public ApiCaller? Find(string value, IPAddress? address) => value.Length > 256 ? null : Admit(store.ApiTokens.Find(value), address);

    /// <summary>As <see cref="Find"/>, by the token's identifier: it may have been changed since.</summary>
    public ApiCaller? Get(string tokenId, IPAddress? address) => Admit(store.ApiTokens.Get(tokenId), address);

    /// <summary>Whether they may authorize for some zone, if there is one.</summary>
    public static bool MayAuthorize(ApiCaller caller) => caller.MayMakeTokens && caller.MayWrite(ApiPermissions.Tunnels);

    /// <summary>The zones that they may authorize for.</summary>
    public IReadOnlyList<ZoneRecord> ZonesOf(ApiCaller caller) =>
        [.. store.Zones.List().Where(zone => caller.MayWrite(ApiPermissions.Dns, zone.Id))];

    private ApiCaller? Admit(ApiTokenRecord? token, IPAddress? address) =>
        token is not null && ApiAuthentication.IsActive(token, time.GetUtcNow()) && ApiAuthentication.IsAdmitted(token, address)
            ? new ApiCaller(token, store.Account.Id, store.UserId)
            : null;
}
