namespace Tunnel.Edge.Api.Permissions;

/// <summary>The kinds of resources that a token's policy can name, and a permission group is for.</summary>
internal enum ApiScope
{
    /// <summary><c>com.cloudflare.api.user</c></summary>
    User,

    /// <summary><c>com.cloudflare.api.account</c></summary>
    Account,

    /// <summary><c>com.cloudflare.api.account.zone</c></summary>
    Zone,
}
