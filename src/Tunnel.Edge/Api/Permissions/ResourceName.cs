using Tunnel.Edge.Store;

namespace Tunnel.Edge.Api.Permissions;

/// <summary>
/// The name of a resource in a token's policy: a kind and an identifier, such as
/// <c>com.cloudflare.api.account.zone.&lt;id&gt;</c>; <c>*</c> in place of the identifier is all of the kind.
/// </summary>
/// <param name="Scope">The kind.</param>
/// <param name="Id">32 hex characters, or null for all.</param>
internal readonly record struct ResourceName(ApiScope Scope, string? Id)
{
    private const string User = "com.cloudflare.api.user";
    private const string Account = "com.cloudflare.api.account";
    private const string Zone = "com.cloudflare.api.account.zone";

    public static string NameOf(ApiScope scope) => scope switch
    {
        ApiScope.User => User,
        ApiScope.Account => Account,
        _ => Zone,
    };

    public static bool TryParse(string text, out ResourceName name)
    {
        name = default;
        // The longest first: a zone's name begins as an account's does.
        foreach (var scope in (ReadOnlySpan<ApiScope>)[ApiScope.Zone, ApiScope.Account, ApiScope.User])
        {
            var kind = NameOf(scope);
            if (text.Length > kind.Length && text[kind.Length] == '.' && text.StartsWith(kind, StringComparison.Ordinal))
            {
                var id = text[(kind.Length + 1)..];
                if (id == "*" || Identifiers.IsHex32(id))
                {
                    name = new ResourceName(scope, id == "*" ? null : id);
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Whether a resource is one that is named; no identifier asks for all of the kind.</summary>
    public bool Covers(ApiScope scope, string? id) => Scope == scope && (Id is null || Id == id);

    public override string ToString() => $"{NameOf(Scope)}.{Id ?? "*"}";
}
