using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Tunnel.Access;

namespace Tunnel.Edge.Identity;

/// <summary>What policies are told of a person.</summary>
internal static class VisitorFacts
{
    /// <param name="email">Proven.</param>
    /// <param name="providerId">Who vouches for it.</param>
    /// <param name="claims">
    /// What else it vouches for: a JSON object with <c>amr</c>, <c>groups</c> and <c>oidc_fields</c> where there are any.
    /// </param>
    /// <param name="address">Where the request comes from.</param>
    public static AccessVisitor Of(string email, string providerId, string claims, IPAddress address)
    {
        using var json = JsonDocument.Parse(claims);
        return new AccessVisitor
        {
            Email = email,
            Address = address,
            LoginMethodId = providerId,
            AuthenticationMethods = Texts(json.RootElement, "amr"),
            IdentityGroups = Texts(json.RootElement, "groups"),
            Claims = json.RootElement.TryGetProperty("oidc_fields", out var fields) && fields.ValueKind == JsonValueKind.Object
                ? fields.EnumerateObject().ToDictionary(f => f.Name, f => Texts(f.Value), StringComparer.Ordinal)
                : null,
        };
    }

    /// <summary>What tells one proof of a person from another: the same for each session in which it is the same.</summary>
    public static string SubjectOf(string email, string providerId, string claims) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"person\n{providerId}\n{email}\n{claims}")));

    private static IReadOnlyList<string>? Texts(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) ? Texts(value) : null;

    private static IReadOnlyList<string> Texts(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => [value.GetString()!],
        JsonValueKind.Array => [.. value.EnumerateArray().SelectMany(Texts)],
        JsonValueKind.True => ["true"],
        JsonValueKind.False => ["false"],
        JsonValueKind.Number => [value.GetRawText()],
        _ => [],
    };
}
