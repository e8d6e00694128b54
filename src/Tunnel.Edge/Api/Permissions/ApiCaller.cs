using Tunnel.Edge.Api.Http;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Api.Permissions;

/// <summary>Who calls, and what the token permits.</summary>
internal sealed class ApiCaller(ApiTokenRecord token, string accountId, string userId)
{
    private readonly TokenPolicies _policies = TokenPolicies.Of(token, userId);

    public ApiTokenRecord Token { get; } = token;

    /// <summary>Refuses what the token does not permit.</summary>
    /// <param name="permission">What the route asks for.</param>
    /// <param name="method">The request's method.</param>
    /// <param name="account">The account in the path, or null.</param>
    /// <param name="zone">The zone in the path, or null.</param>
    /// <exception cref="ApiException">The area's own answer to a token that may not.</exception>
    public void Demand(ApiPermission permission, string method, string? account, string? zone)
    {
        var scope = permission.Scope ?? (zone is not null ? ScopeInZone(permission, method)
            : account is not null ? ApiScope.Account : ApiScope.User);
        if (scope == ApiScope.User && Token.IsAccountOwned && !permission.ReadingIsOpen)
        {
            throw ApiErrors.NoUser();
        }

        if (!(permission.ReadingIsOpen && method is "GET" or "HEAD") && !Permits(permission.For(method), scope, zone))
        {
            throw permission.Denied();
        }

        if (permission.Also is { } also)
        {
            Demand(also, method, account, zone);
        }
    }

    /// <summary>Whether the token may look into a zone; for lists that show only what it may see.</summary>
    public bool MaySee(ZoneRecord zone) => Permits(ApiPermissions.Zones.Reading, ApiScope.Zone, zone.Id);

    /// <summary>Whether the token may look at the account.</summary>
    public bool MaySeeAccount => Permits(ApiPermissions.AccountSettings.Reading, ApiScope.Account, null);

    /// <summary>Whether the token may change what an area has, in the account or in one zone.</summary>
    public bool MayWrite(ApiPermission permission, string? zone = null) =>
        Permits(permission.Writing, zone is null ? ApiScope.Account : ApiScope.Zone, zone);

    /// <summary>Whether the token may make others.</summary>
    public bool MayMakeTokens => MayWrite(ApiPermissions.AccountApiTokens)
        || (!Token.IsAccountOwned && Permits(ApiPermissions.UserApiTokens.Writing, ApiScope.User, null));

    private static ApiScope ScopeInZone(ApiPermission permission, string method) =>
        permission.For(method).Any(name => PermissionGroups.Exists(name, ApiScope.Zone)) ? ApiScope.Zone : ApiScope.Account;

    private bool Permits(IReadOnlyList<string> groups, ApiScope scope, string? zone) => _policies.Permit(
        groups,
        scope,
        scope switch
        {
            ApiScope.User => userId,
            ApiScope.Account => accountId,
            _ => zone,
        },
        accountId);
}
