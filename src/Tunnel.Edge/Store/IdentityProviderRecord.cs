using System.Text;

namespace Tunnel.Edge.Store;

/// <summary>
/// Where people of an account may sign in. Its client secret has to be shown to the provider, so it is kept as it is:
/// what guards it at rest is the database's mode, 0600, in a folder of mode 0700. No answer, log line or
/// <see cref="ToString"/> holds it.
/// </summary>
public sealed record IdentityProviderRecord
{
    /// <summary>The type that mails a one-time PIN: the one type that needs no service outside, and of which there is at most one.</summary>
    public const string OneTimePinType = "onetimepin";

    /// <summary>The provider's id, which applications name in <c>allowed_idps</c> and rules in <c>login_method</c>.</summary>
    public required Guid Id { get; init; }

    /// <summary>The owning account.</summary>
    public required string AccountId { get; init; }

    /// <summary>As people see it on the sign-in page.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// <c>onetimepin</c>, <c>oidc</c>, <c>github</c>, <c>google</c>, <c>google-apps</c>, <c>okta</c>, <c>azureAD</c>,
    /// <c>saml</c>, ...; the API's own words.
    /// </summary>
    public required string Type { get; init; }

    /// <summary>
    /// <c>config</c> of the API as a JSON object, without <c>client_secret</c>: <c>client_id</c>, <c>auth_url</c>,
    /// <c>token_url</c>, <c>certs_url</c>, <c>scopes</c>, <c>claims</c>, <c>email_claim_name</c>, <c>pkce_enabled</c>,
    /// <c>okta_account</c>, <c>directory_id</c>, ..., as the type has them.
    /// </summary>
    public required string Config { get; init; }

    /// <summary>What the edge proves itself with at the provider; null for types that have none. A secret.</summary>
    public string? ClientSecret { get; init; }

    /// <summary>The rest of the JSON object as a client last wrote it, with the properties that the edge does not know.</summary>
    public required string Document { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append(nameof(Id)).Append(" = ").Append(Id).Append(", ").Append(nameof(Name)).Append(" = ").Append(Name)
            .Append(", ").Append(nameof(Type)).Append(" = ").Append(Type);
        return true;
    }
}
