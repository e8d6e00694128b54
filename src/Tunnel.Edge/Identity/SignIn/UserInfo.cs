using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tunnel.Edge.Identity.SignIn;

/// <summary>Asks a provider for what its ID token lacks (OpenID Connect Core 1.0, section 5.3).</summary>
internal sealed class UserInfo(ProviderHttp http)
{
    /// <summary>
    /// Fills in what is missing where the ID token holds no mail address. What it holds stays: it is signed, and the
    /// provider's answer is vouched for by TLS alone.
    /// </summary>
    /// <exception cref="OidcException">The provider does not answer, or tells of somebody else.</exception>
    public async Task CompleteAsync(OidcProvider provider, JsonObject claims, string? accessToken, CancellationToken cancellationToken)
    {
        if (provider.UserInfoAddress is not { } address || claims.ContainsKey(provider.EmailClaim) || accessToken is null)
        {
            return;
        }

        using var answer = await http.GetAsync(address, accessToken, cancellationToken).ConfigureAwait(false);
        // Another's would make the person of this sign-in somebody else (section 5.3.2).
        if (answer.RootElement.ValueKind != JsonValueKind.Object || Subject(JsonObject.Create(answer.RootElement)!) is not { } told
            || told != Subject(claims))
        {
            throw new OidcException($"{address.Authority} tells of somebody else than the ID token does.");
        }

        foreach (var name in (string[])[provider.EmailClaim, "email_verified", "name", "groups", .. provider.Claims])
        {
            // Whether an address is verified is said by whoever names the address.
            if ((!claims.ContainsKey(name) || name == "email_verified") && answer.RootElement.TryGetProperty(name, out var value)
                && !IsNo(claims[name]))
            {
                claims[name] = JsonNode.Parse(value.GetRawText());
            }
        }
    }

    private static bool IsNo(JsonNode? verified) => verified is JsonValue value && value.ToString() is "false" or "False";

    private static string? Subject(JsonObject claims) =>
        claims["sub"] is JsonValue value && value.GetValueKind() == JsonValueKind.String && value.GetValue<string>() is { Length: > 0 } subject
            ? subject : null;
}
