using Tunnel.Edge.Api.Http;

namespace Tunnel.Edge.Api.Permissions;

/// <summary>
/// Which permission each area of the API needs: the "accepted permissions" of Cloudflare's API reference, by the names of
/// its permission groups. A route is mapped with one of these; there is no route without.
/// </summary>
internal static class ApiPermissions
{
    /// <summary>For what tells a token about itself. Only for reading: writing with it is refused to everybody.</summary>
    public static readonly ApiPermission AnyToken = new([], [], ApiErrors.Authentication) { ReadingIsOpen = true };

    public static readonly ApiPermission AccountSettings = Of("Account Settings", ApiErrors.Unauthorized);

    /// <summary>The list of accounts, of which a token sees what it may see.</summary>
    public static readonly ApiPermission AccountList = AccountSettings with { ReadingIsOpen = true };

    public static readonly ApiPermission AccountApiTokens = Of("Account API Tokens", ApiErrors.Unauthorized);

    public static readonly ApiPermission UserDetails = Of("User Details", ApiErrors.Unauthorized);
    public static readonly ApiPermission Memberships = Of("Memberships", ApiErrors.Unauthorized);
    public static readonly ApiPermission UserApiTokens = Of("API Tokens", ApiErrors.Unauthorized);

    /// <summary>A zone. Whoever may look into it may also look it up.</summary>
    public static readonly ApiPermission Zones =
        Of("Zone", ApiErrors.Unauthorized, lookedUpBy: ["DNS", "Access: Apps and Policies"]);

    /// <summary>The list of zones, of which a token sees what it may see; a new zone takes "Zone Write" on all of them.</summary>
    public static readonly ApiPermission ZoneList =
        Zones with { ReadingIsOpen = true, Scope = ApiScope.Zone, Denied = ApiErrors.ZoneCreation };

    public static readonly ApiPermission Dns = Of("DNS", ApiErrors.Authentication);

    public static readonly ApiPermission Tunnels = Of("Cloudflare Tunnel", ApiErrors.Authentication);

    /// <summary><c>/zones/{zone}/tunnels/{tunnel}/routes</c> writes a record of the zone for a tunnel of the account.</summary>
    public static readonly ApiPermission TunnelRoutes = Dns with { Also = Tunnels with { Scope = ApiScope.Account } };

    /// <summary>Applications, their policies, and reusable policies.</summary>
    public static readonly ApiPermission AccessApplications = Of("Access: Apps and Policies", ApiErrors.Authentication);

    public static readonly ApiPermission AccessApplicationTokens = AccessApplications with
    {
        Writing = [.. AccessApplications.Writing, "Access: Apps and Policies Revoke"],
    };

    /// <summary>Short-lived certificate authorities of applications.</summary>
    public static readonly ApiPermission AccessCertificateAuthorities =
        Of("Access: Apps and Policies", ApiErrors.Authentication, "Access: SSH Auditing");

    /// <summary>Authorities for client certificates.</summary>
    public static readonly ApiPermission AccessCertificates = Of("Access: Mutual TLS Certificates", ApiErrors.Authentication);

    public static readonly ApiPermission AccessServiceTokens = Of("Access: Service Tokens", ApiErrors.Authentication);

    /// <summary>The organisation, identity providers, and groups.</summary>
    public static readonly ApiPermission AccessOrganization =
        Of("Access: Organizations, Identity Providers, and Groups", ApiErrors.Authentication);

    /// <summary>Lists, which other products than Access use as well.</summary>
    public static readonly ApiPermission ZeroTrust = Of("Zero Trust", ApiErrors.Authentication);

    /// <summary><c>organizations/revoke_user</c>.</summary>
    public static readonly ApiPermission AccessUserRevocation = AccessOrganization with
    {
        Writing = [.. AccessOrganization.Writing, "Access: Organizations, Identity Providers, and Groups Revoke"],
    };

    /// <summary>The log of access requests: it can only be read.</summary>
    public static readonly ApiPermission AccessLogs = new(["Access: Audit Logs Read"], [], ApiErrors.Authentication);

    /// <summary>Users and failed sign-ins.</summary>
    public static readonly ApiPermission AccessUsers = AccessLogs with { Writing = AccessOrganization.Writing };

    /// <summary>Sessions of users: who may only revoke, may end them.</summary>
    public static readonly ApiPermission AccessSessions = AccessLogs with { Writing = AccessUserRevocation.Writing };

    private static ApiPermission Of(string area, Func<ApiException> denied, string? orArea = null, string[]? lookedUpBy = null)
    {
        string[] areas = orArea is null ? [area] : [area, orArea];
        return new ApiPermission(
            [.. areas.Concat(lookedUpBy ?? []).SelectMany(a => new[] { $"{a} Read", $"{a} Write" })],
            [.. areas.Select(a => $"{a} Write")],
            denied);
    }
}
