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

    /// <summary>Where the API asks for it, below the account or zone.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>As Cloudflare's token page names it, with what suffices for every call: <c>Zone > DNS > Edit</c>.</summary>
    public string Title => $"{(IsOfZone ? "Zone" : "Account")} > {Area} > {(IsReadOnly ? "Read" : "Edit")}";

    /// <summary>The permission that a call needs; null where none of these is asked for.</summary>
    /// <param name="path">Below the API's address.</param>
    /// <param name="reading">Whether the call only reads.</param>
    public static AccountPermission? Of(string path, bool reading)
    {
        AccountPermission[] known = [.. All.Where(p => p.Paths.Any(part => $"{path}/".Contains($"/{part}/", StringComparison.Ordinal)))];
        // People are read with the permission for the log, which lets nobody change anything.
        return Array.Find(known, p => p.IsReadOnly == reading) ?? Array.Find(known, p => reading || !p.IsReadOnly);
    }

    /// <summary>
    /// All of them. The list of zones is no probe: it is empty, and not refused, for a token that may see none.
    /// </summary>
    public static IReadOnlyList<AccountPermission> All { get; } =
    [
        new("Zone", true, false, "zones/{zone}", ["TunnelZone"]) { AlsoReadBy = "DNS" },
        new("DNS", true, false, "zones/{zone}/dns_records?per_page=1", ["TunnelRoute", "SshTunnel"]) { Paths = ["dns_records"] },
        new("Cloudflare Tunnel", false, false, "accounts/{account}/cfd_tunnel?is_deleted=false&per_page=1",
            ["SshTunnel", "Tunnel", "TunnelConfiguration", "TunnelConnection", "TunnelRoute", "TunnelToken"])
        {
            Paths = ["cfd_tunnel"],
        },
        new("Access: Apps and Policies", false, false, "accounts/{account}/access/apps?per_page=1",
            ["AccessApplication", "AccessPolicy", "SshCertificateAuthority", "SshTunnel"])
        {
            Paths = ["access/apps", "access/policies"],
        },
        new("Access: Organizations, Identity Providers, and Groups", false, false, "accounts/{account}/access/groups?per_page=1",
            ["AccessGroup", "AccessIdentityProvider", "AccessOrganization", "AccessSession", "AccessUser"])
        {
            Paths = ["access/groups", "access/identity_providers", "access/organizations", "access/users"],
            Readers = ["New-AccessRule", "Test-AccessPolicy", "Compare-AccessPolicy"],
        },
        new("Zero Trust", false, false, "accounts/{account}/gateway/lists?per_page=1", ["AccessList"])
        {
            Paths = ["gateway/lists"],
            Readers = ["New-AccessRule", "Test-AccessPolicy", "Compare-AccessPolicy"],
        },
        new("Access: Service Tokens", false, false, "accounts/{account}/access/service_tokens?per_page=1", ["AccessServiceToken"])
        {
            Paths = ["access/service_tokens"],
            Readers = ["New-AccessRule", "Test-AccessPolicy", "Compare-AccessPolicy"],
        },
        new("Access: Mutual TLS Certificates", false, false, "accounts/{account}/access/certificates?per_page=1", ["AccessCertificate"])
        {
            Paths = ["access/certificates"],
        },
        new("Access: Audit Logs", false, true, "accounts/{account}/access/logs/access_requests?limit=1",
            ["AccessLog", "AccessSession", "AccessUser"])
        {
            Paths = ["access/logs", "access/users"],
        },
    ];
}
