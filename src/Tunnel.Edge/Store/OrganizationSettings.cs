using System.Text.Json;

namespace Tunnel.Edge.Store;

/// <summary>What the organisation says about how visitors of all its applications are met.</summary>
public sealed record OrganizationSettings
{
    /// <summary>Where there is one identity provider to choose: go there without a page to choose from.</summary>
    public bool AutoRedirectToIdentity { get; private init; }

    /// <summary>Whether a hostname that no application covers is refused.</summary>
    public bool DeniesUnmatchedRequests { get; private init; }

    /// <summary>The zones whose hostnames are served without an application all the same.</summary>
    public IReadOnlyList<string> ExemptedZones { get; private init; } = [];

    /// <summary>Whether a service token's visit leaves no cookie, and one that is not valid is told so by 401.</summary>
    public bool IsStrictWithServiceTokens { get; private init; }

    /// <summary>What the pages look like; null for the edge's own look.</summary>
    public LoginDesign? LoginDesign { get; private init; }

    /// <summary>Reads the settings from the organisation's JSON object.</summary>
    public static OrganizationSettings Read(string document)
    {
        using var json = JsonDocument.Parse(document);
        var root = json.RootElement;
        return new OrganizationSettings
        {
            AutoRedirectToIdentity = IsTrue(root, "auto_redirect_to_identity"),
            DeniesUnmatchedRequests = IsTrue(root, "deny_unmatched_requests"),
            ExemptedZones = root.TryGetProperty("deny_unmatched_requests_exempted_zone_names", out var zones)
                && zones.ValueKind == JsonValueKind.Array
                    ? [.. zones.EnumerateArray().Where(z => z.ValueKind == JsonValueKind.String).Select(z => z.GetString()!.Trim().TrimEnd('.'))]
                    : [],
            IsStrictWithServiceTokens = IsTrue(root, "strict_service_token_auth"),
            LoginDesign = root.TryGetProperty("login_design", out var design) ? LoginDesign.Read(design) : null,
        };
    }

    /// <summary>Whether a hostname that no application covers is refused.</summary>
    public bool Denies(string hostname) => DeniesUnmatchedRequests && !ExemptedZones.Any(zone =>
        hostname.Equals(zone, StringComparison.OrdinalIgnoreCase) || hostname.EndsWith("." + zone, StringComparison.OrdinalIgnoreCase));

    private static bool IsTrue(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;
}
