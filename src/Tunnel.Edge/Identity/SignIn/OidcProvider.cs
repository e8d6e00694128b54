using System.Text.Json;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Identity.SignIn;

/// <summary>An OpenID Connect provider as the account has it set up.</summary>
internal sealed record OidcProvider
{
    public required IdentityProviderRecord Record { get; init; }

    public required Uri AuthorizationAddress { get; init; }

    public required Uri TokenAddress { get; init; }

    public required Uri KeysAddress { get; init; }

    public required string ClientId { get; init; }

    public string Scope { get; init; } = "openid email profile";

    /// <summary>The claim that holds the mail address.</summary>
    public string EmailClaim { get; init; } = "email";

    /// <summary>Claims that policies ask for.</summary>
    public IReadOnlyList<string> Claims { get; init; } = [];

    /// <summary>Null where it is of another type, or its settings cannot be read.</summary>
    public static OidcProvider? Read(IdentityProviderRecord record)
    {
        if (record.Type != LoginMethods.Oidc)
        {
            return null;
        }

        using var json = JsonDocument.Parse(record.Config);
        var config = json.RootElement;
        return Address(config, "auth_url") is { } authorization && Address(config, "token_url") is { } token
            && Address(config, "certs_url") is { } keys && Text(config, "client_id") is { } client
            ? new OidcProvider
            {
                Record = record,
                AuthorizationAddress = authorization,
                TokenAddress = token,
                KeysAddress = keys,
                ClientId = client,
                Scope = Texts(config, "scopes") is { Count: > 0 } scopes ? string.Join(' ', scopes) : "openid email profile",
                EmailClaim = Text(config, "email_claim_name") ?? "email",
                Claims = Texts(config, "claims"),
            }
            : null;
    }

    private static Uri? Address(JsonElement config, string name) =>
        Uri.TryCreate(Text(config, name), UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps ? address : null;

    private static string? Text(JsonElement config, string name) =>
        config.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? text : null;

    private static IReadOnlyList<string> Texts(JsonElement config, string name) =>
        config.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Where(v => v.ValueKind == JsonValueKind.String).Select(v => v.GetString()!)] : [];
}
