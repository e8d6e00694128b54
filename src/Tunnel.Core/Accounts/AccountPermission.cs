namespace Tunnel.Core.Accounts;

/// <summary>One of the permissions that this module works with, as Cloudflare's token page names it.</summary>
/// <param name="Area">Such as <c>Cloudflare Tunnel</c>; its permission groups are "... Read" and "... Write".</param>
/// <param name="IsOfZone">Granted on zones; otherwise on the account.</param>
/// <param name="IsReadOnly">There is no "... Write".</param>
/// <param name="Probe">A path that is read with it; <c>{account}</c> and <c>{zone}</c> stand for identifiers.</param>
/// <param name="Nouns">The nouns of the cmdlets that need it.</param>
internal sealed record AccountPermission(
    string Area, bool IsOfZone, bool IsReadOnly, string Probe, IReadOnlyList<string> Nouns)
{
    /// <summary>Another area whose permissions suffice for reading.</summary>
    public string? AlsoReadBy { get; init; }

    /// <summary>Cmdlets of other nouns that only read with it: they look up what a name stands for.</summary>
    public IReadOnlyList<string> Readers { get; init; } = [];

    /// <summary>
    /// All of them. The list of zones is no probe: it is empty, and not refused, for a token that may see none.
    /// </summary>
    public static IReadOnlyList<AccountPermission> All { get; } =
    [
        new("Zone", true, false, "zones/{zone}", ["TunnelZone"]) { AlsoReadBy = "DNS" },
        new("DNS", true, false, "zones/{zone}/dns_records?per_page=1", ["TunnelRoute", "SshTunnel"]),
        new("Cloudflare Tunnel", false, false, "accounts/{account}/cfd_tunnel?is_deleted=false&per_page=1",
            ["SshTunnel", "Tunnel", "TunnelConfiguration", "TunnelConnection", "TunnelRoute", "TunnelToken"]),
        new("Access: Apps and Policies", false, false, "accounts/{account}/access/apps?per_page=1",
            ["AccessApplication", "AccessPolicy", "SshCertificateAuthority", "SshTunnel"]),
        new("Access: Organizations, Identity Providers, and Groups", false, false, "accounts/{account}/access/groups?per_page=1",
            ["AccessGroup", "AccessIdentityProvider", "AccessOrganization", "AccessSession"])
        {
            Readers = ["New-AccessRule", "Test-AccessPolicy"],
        },
        new("Access: Service Tokens", false, false, "accounts/{account}/access/service_tokens?per_page=1", ["AccessServiceToken"])
        {
            Readers = ["New-AccessRule", "Test-AccessPolicy"],
        },
        new("Access: Audit Logs", false, true, "accounts/{account}/access/logs/access_requests?limit=1",
            ["AccessLog", "AccessSession", "AccessUser"]),
    ];
}
