using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tunnel.Edge.Identity.SignIn;

/// <summary>
/// Who somebody is at GitHub: OAuth 2.0 gives a token, and the REST API tells the verified address, the organisations and
/// the teams. The token is kept nowhere.
/// </summary>
internal sealed class GitHubClient(ProviderHttp http)
{
    private const int PageSize = 100;
    private const int MaxPages = 10;

    /// <exception cref="OidcException">The provider vouches for nobody.</exception>
    public async Task<OidcIdentity> RedeemAsync(
        OidcProvider provider, string code, string redirectAddress, string verifier, CancellationToken cancellationToken)
    {
        using var answer = await http.PostAsync(provider.TokenAddress, new Dictionary<string, string>
        {
            ["code"] = code,
            ["redirect_uri"] = redirectAddress,
            ["client_id"] = provider.ClientId,
            ["client_secret"] = provider.Record.ClientSecret ?? "",
            ["code_verifier"] = verifier,
        }, cancellationToken).ConfigureAwait(false);
        // An error has status 200 there.
        var token = Text(answer.RootElement, "access_token")
            ?? throw new OidcException($"The provider gave no token{ProviderHttp.ErrorOf(answer.RootElement)}.");
        using var user = await http.GetAsync(new Uri(provider.ApiAddress!, "user"), token, cancellationToken).ConfigureAwait(false);
        var email = await EmailAsync(provider, token, cancellationToken).ConfigureAwait(false);
        var groups = new JsonArray();
        await foreach (var organization in ListAsync(provider, "user/orgs", token, cancellationToken).ConfigureAwait(false))
        {
            groups.Add((JsonNode?)Text(organization, "login"));
        }

        await foreach (var team in ListAsync(provider, "user/teams", token, cancellationToken).ConfigureAwait(false))
        {
            // By its name, which is one of a kind in its organisation, as its slug is; a name may equal another team's slug.
            if (Text(team, "name") is { } name && team.TryGetProperty("organization", out var owner) && Text(owner, "login") is { } login)
            {
                groups.Add((JsonNode?)$"{login}/{name}");
            }
        }

        var claims = new JsonObject { ["groups"] = groups };
        return new OidcIdentity(email, Text(user.RootElement, "name") ?? Text(user.RootElement, "login"), claims.ToJsonString());
    }

    /// <summary>The primary address, if GitHub has seen that it is the person's. The one of the profile proves nothing.</summary>
    private async Task<string> EmailAsync(OidcProvider provider, string token, CancellationToken cancellationToken)
    {
        await foreach (var address in ListAsync(provider, "user/emails", token, cancellationToken).ConfigureAwait(false))
        {
            if (IsTrue(address, "primary") && IsTrue(address, "verified") && EmailAddress.Read(Text(address, "email")) is { } email)
            {
                return email;
            }
        }

        throw new OidcException("GitHub names no primary mail address that is verified.");
    }

    private async IAsyncEnumerable<JsonElement> ListAsync(
        OidcProvider provider, string path, string token,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var page = 1; page <= MaxPages; page++)
        {
            var address = new Uri(provider.ApiAddress!, string.Create(CultureInfo.InvariantCulture, $"{path}?per_page={PageSize}&page={page}"));
            using var answer = await http.GetAsync(address, token, cancellationToken).ConfigureAwait(false);
            if (answer.RootElement.ValueKind != JsonValueKind.Array)
            {
                throw new OidcException($"{address.Authority} gave no list of {path}.");
            }

            foreach (var item in answer.RootElement.EnumerateArray())
            {
                yield return item;
            }

            if (answer.RootElement.GetArrayLength() < PageSize)
            {
                yield break;
            }
        }
    }

    private static bool IsTrue(JsonElement item, string name) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private static string? Text(JsonElement item, string name) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString() : null;
}
