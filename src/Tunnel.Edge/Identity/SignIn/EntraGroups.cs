using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;

namespace Tunnel.Edge.Identity.SignIn;

/// <summary>
/// The groups of people who are in more than Entra ID writes into a token (200): it writes <c>_claim_names</c> instead, and
/// Microsoft Graph tells them. Either all of them are known, or none: a part would let in whom a missing one shuts out.
/// </summary>
internal sealed class EntraGroups(ProviderHttp http, ILogger<EntraGroups> log)
{
    private const int MaxPages = 5;

    /// <summary>The API's greatest page.</summary>
    private const string First = "v1.0/me/transitiveMemberOf?$select=id&$top=999";

    /// <summary>Writes <c>groups</c> where the token points elsewhere for them, and leaves them unknown where they cannot be read.</summary>
    public async Task CompleteAsync(OidcProvider provider, JsonObject claims, string? accessToken, CancellationToken cancellationToken)
    {
        if (provider.Record.Type != "azureAD" || !IsElsewhere(claims))
        {
            return;
        }

        claims.Remove("groups");
        if (provider.GraphAddress is not { } graph || accessToken is null)
        {
            log.LogWarning("A person of {Provider} is in too many groups for a token, and support_groups is not on: their groups are not known", provider.Record.Name);
            return;
        }

        try
        {
            claims["groups"] = await ReadAsync(graph, accessToken, cancellationToken).ConfigureAwait(false);
        }
        catch (OidcException error)
        {
            log.LogWarning("The groups of a person of {Provider} are not known: {Reason}", provider.Record.Name, error.Message);
        }
    }

    private static bool IsElsewhere(JsonObject claims) =>
        (claims["_claim_names"] is JsonObject names && names.ContainsKey("groups"))
        || (claims["hasgroups"] is JsonValue has && has.ToString() is "true" or "True");

    private async Task<JsonArray> ReadAsync(Uri graph, string accessToken, CancellationToken cancellationToken)
    {
        // The address in the token is not asked: it names an API that is gone, and the token could name any.
        var groups = new JsonArray();
        var next = new Uri(graph, First);
        for (var page = 0; page < MaxPages; page++)
        {
            using var answer = await http.GetAsync(next, accessToken, cancellationToken).ConfigureAwait(false);
            if (answer.RootElement.ValueKind != JsonValueKind.Object || !answer.RootElement.TryGetProperty("value", out var members)
                || members.ValueKind != JsonValueKind.Array)
            {
                throw new OidcException($"{graph.Authority} gave no list of groups.");
            }

            foreach (var member in members.EnumerateArray())
            {
                // Roles and administrative units are in the list, too.
                if (Text(member, "@odata.type") is "#microsoft.graph.group")
                {
                    groups.Add((JsonNode)(Text(member, "id") ?? throw new OidcException($"{graph.Authority} names a group without an id.")));
                }
            }

            if (!answer.RootElement.TryGetProperty("@odata.nextLink", out var link) || link.ValueKind == JsonValueKind.Null)
            {
                return groups;
            }

            next = Follow(graph, link);
        }

        throw new OidcException($"{graph.Authority} lists more than {MaxPages} pages of groups.");
    }

    /// <summary>The next page, at the same place: the token is for no other.</summary>
    private static Uri Follow(Uri graph, JsonElement link) =>
        link.ValueKind == JsonValueKind.String && Uri.TryCreate(link.GetString(), UriKind.Absolute, out var next)
        && next.AbsolutePath.StartsWith("/v1.0/", StringComparison.Ordinal) && next.Scheme == Uri.UriSchemeHttps
        && (next.Host == "graph.microsoft.com" || next.Authority == graph.Authority)
            ? new Uri(graph, next.PathAndQuery[1..]) : throw new OidcException($"{graph.Authority} names a next page that is elsewhere.");

    private static string? Text(JsonElement item, string name) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString() : null;
}
