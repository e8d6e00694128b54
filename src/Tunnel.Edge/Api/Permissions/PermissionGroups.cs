using System.Collections.Frozen;

namespace Tunnel.Edge.Api.Permissions;

/// <summary>The permission groups that this API knows: Cloudflare's, with their identifiers there.</summary>
internal static class PermissionGroups
{
    public static readonly IReadOnlyList<PermissionGroup> All =
    [
        new("0cc3a61731504c89b99ec1be78b77aa0", "API Tokens Read", ApiScope.User),
        new("686d18d5ac6c441c867cbf6771e58a0a", "API Tokens Write", ApiScope.User),
        new("3518d0f75557482e952c6762d3e64903", "Memberships Read", ApiScope.User),
        new("9201bc6f42d440968aaab0c6f17ebb1d", "Memberships Write", ApiScope.User),
        new("8acbe5bb0d54464ab867149d7f7cf8ac", "User Details Read", ApiScope.User),
        new("55a5e17cc99e4a3fa1f3432d262f2e55", "User Details Write", ApiScope.User),
        new("7ea222f6d5064cfa89ea366d7c1fee89", "Access: Apps and Policies Read", ApiScope.Account),
        new("6c9d1cfcfc6840a987d1b5bfb880a841", "Access: Apps and Policies Revoke", ApiScope.Account),
        new("1e13c5124ca64b72b1969a67e8829049", "Access: Apps and Policies Write", ApiScope.Account),
        new("b05b28e839c54467a7d6cba5d3abb5a3", "Access: Audit Logs Read", ApiScope.Account),
        new("4f3196a5c95747b6ad82e34e1d0a694f", "Access: Mutual TLS Certificates Read", ApiScope.Account),
        new("29d3afbfd4054af9accdd1118815ed05", "Access: Mutual TLS Certificates Write", ApiScope.Account),
        new("26bc23f853634eb4bff59983b9064fde", "Access: Organizations, Identity Providers, and Groups Read", ApiScope.Account),
        new("7121a0c7e9ed46e3829f9cca2bb572aa", "Access: Organizations, Identity Providers, and Groups Revoke", ApiScope.Account),
        new("bfe0d8686a584fa680f4c53b5eb0de6d", "Access: Organizations, Identity Providers, and Groups Write", ApiScope.Account),
        new("91f7ce32fa614d73b7e1fc8f0e78582b", "Access: Service Tokens Read", ApiScope.Account),
        new("a1c0fec57cf94af79479a6d827fa518c", "Access: Service Tokens Write", ApiScope.Account),
        new("99ff99e4e30247a99d3777a8c4c18541", "Access: SSH Auditing Read", ApiScope.Account),
        new("d30c9ad8b5224e7cb8d41bcb4757effc", "Access: SSH Auditing Write", ApiScope.Account),
        new("eb56a6953c034b9d97dd838155666f06", "Account API Tokens Read", ApiScope.Account),
        new("5bc3f8b21c554832afc660159ab75fa4", "Account API Tokens Write", ApiScope.Account),
        new("c1fde68c7bcc44588cbb6ddbc16d6480", "Account Settings Read", ApiScope.Account),
        new("1af1fa2adc104452b74a9a3364202f20", "Account Settings Write", ApiScope.Account),
        new("efea2ab8357b47888938f101ae5e053f", "Cloudflare Tunnel Read", ApiScope.Account),
        new("c07321b023e944ff818fec44d8203567", "Cloudflare Tunnel Write", ApiScope.Account),
        new("3f376c8e6f764a938b848bd01c8995c4", "Zero Trust Read", ApiScope.Account),
        new("b33f02c6f7284e05a6f20741c0bb0567", "Zero Trust Write", ApiScope.Account),
        new("eb258a38ea634c86a0c89da6b27cb6b6", "Access: Apps and Policies Read", ApiScope.Zone),
        new("6db4e222e21248ac96a3f4c2a81e3b41", "Access: Apps and Policies Revoke", ApiScope.Zone),
        new("959972745952452f8be2452be8cbb9f2", "Access: Apps and Policies Write", ApiScope.Zone),
        new("82e64a83756745bbbb1c9c2701bf816b", "DNS Read", ApiScope.Zone),
        new("4755a26eedb94da69e1066d98aa820be", "DNS Write", ApiScope.Zone),
        new("c8fed203ed3043cba015a93ad1616f1f", "Zone Read", ApiScope.Zone),
        new("e6d2666161e84845a636613608cee8d5", "Zone Write", ApiScope.Zone),
    ];

    private static readonly FrozenDictionary<string, PermissionGroup> ById = All.ToFrozenDictionary(g => g.Id, StringComparer.Ordinal);

    public static PermissionGroup? Find(string id) => ById.GetValueOrDefault(id);

    public static bool Exists(string name, ApiScope scope) => All.Any(g => g.Name == name && g.Scope == scope);

    /// <summary>The group of this name in a scope.</summary>
    public static PermissionGroup Named(string name, ApiScope scope) => All.First(g => g.Name == name && g.Scope == scope);
}
