using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Identity;

/// <summary>A service token as a request shows it; nothing is verified yet.</summary>
/// <param name="ClientId">Null when it is missing, or there twice.</param>
/// <param name="ClientSecret">As <paramref name="ClientId"/>. A secret.</param>
internal sealed record ShownServiceToken(string? ClientId, string? ClientSecret)
{
    private const string ClientIdHeader = "Cf-Access-Client-Id";
    private const string ClientSecretHeader = "Cf-Access-Client-Secret";
    private const int MaxHeaderLength = 4096;

    /// <summary>Looks into the two headers that are for it, then into the one that the application names.</summary>
    public static ShownServiceToken? Read(HttpRequest request, AccessApplicationRecord application)
    {
        var headers = request.Headers;
        if (headers.ContainsKey(ClientIdHeader) || headers.ContainsKey(ClientSecretHeader))
        {
            return new ShownServiceToken(
                headers[ClientIdHeader] is [{ } id] ? id : null, headers[ClientSecretHeader] is [{ } secret] ? secret : null);
        }

        return InOwnHeader(request, application);
    }

    /// <summary>The name of the header that shows one, and so must not reach the origin; null when none does.</summary>
    public static string? SecretHeader(HttpRequest request, AccessApplicationRecord? application) =>
        application is not null && InOwnHeader(request, application) is not null ? application.Settings.ServiceTokenHeader : null;

    // Null for what is not such an object: the header may be an ordinary one, such as Authorization, at other times.
    private static ShownServiceToken? InOwnHeader(HttpRequest request, AccessApplicationRecord application)
    {
        if (application.Settings.ServiceTokenHeader is not { } name || !request.Headers.TryGetValue(name, out var values)
            || values is not [{ Length: <= MaxHeaderLength } text] || !text.TrimStart().StartsWith('{'))
        {
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 4 });
            var shown = new ShownServiceToken(Text(json.RootElement, ClientIdHeader), Text(json.RootElement, ClientSecretHeader));
            return shown is { ClientId: null, ClientSecret: null } ? null : shown;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement root, string name)
    {
        var found = root.EnumerateObject().Where(p => p.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).ToArray();
        return found is [{ Value.ValueKind: JsonValueKind.String } one] ? one.Value.GetString() : null;
    }

    private bool PrintMembers(System.Text.StringBuilder builder)
    {
        builder.Append(nameof(ClientId)).Append(" = ").Append(ClientId);
        return true;
    }
}
