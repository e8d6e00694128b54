namespace Tunnel.Edge.Api.Permissions;

/// <summary>A named set of operations on one kind of resource; what policies of tokens allow or deny.</summary>
/// <param name="Id">Cloudflare's own identifier, so that a policy written for Cloudflare means the same here.</param>
/// <param name="Name">Cloudflare's name, such as <c>DNS Write</c>.</param>
/// <param name="Scope">What it can be granted on. One name may stand in two scopes, with two identifiers.</param>
internal sealed record PermissionGroup(string Id, string Name, ApiScope Scope)
{
    public string Category => Name switch
    {
        "DNS Read" or "DNS Write" or "Zone Read" or "Zone Write" => "dns_and_zones",
        _ when Name.StartsWith("Access:", StringComparison.Ordinal) || Name.StartsWith("Cloudflare Tunnel", StringComparison.Ordinal) =>
            "cloudflare_one_and_zero_trust",
        _ => "account_and_billing",
    };
}
