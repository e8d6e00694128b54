using System.Buffers.Text;
using System.Text.Json;

namespace Tunnel.Core.Client.SignIn;

/// <summary>A token in a file. It was checked when it was written; whoever reads the file believes its owner.</summary>
/// <remarks>A class, not a record: it holds a secret, which nothing may print by accident.</remarks>
public sealed class StoredAccessToken
{
    private const int MaxLength = 16 * 1024;

    private StoredAccessToken(string file, string token, JsonElement claims)
    {
        File = file;
        Token = token;
        Audiences = claims.TryGetProperty("aud", out var audience)
            ? audience.ValueKind switch
            {
                JsonValueKind.String => [audience.GetString()!],
                JsonValueKind.Array => [.. audience.EnumerateArray().Where(a => a.ValueKind == JsonValueKind.String).Select(a => a.GetString()!)],
                _ => [],
            }
            : [];
        Email = Text(claims, "email");
        Issuer = Text(claims, "iss");
        IsOrganization = Text(claims, "type") == "org";
        ExpiresAt = claims.TryGetProperty("exp", out var at) && at.ValueKind == JsonValueKind.Number && at.TryGetDouble(out var seconds)
            && seconds is > 0 and < 253_402_300_800 ? DateTimeOffset.FromUnixTimeSeconds((long)seconds) : DateTimeOffset.MinValue;
    }

    /// <summary>Where it is.</summary>
    public string File { get; }

    /// <summary>The token itself: a secret.</summary>
    public string Token { get; }

    public IReadOnlyList<string> Audiences { get; }

    /// <summary>Whose it is; null for a token without a person.</summary>
    public string? Email { get; }

    /// <summary>The team's address, such as <c>https://team.cloudflareaccess.com</c>.</summary>
    public string? Issuer { get; }

    /// <summary>Whether it is good for signing in to applications, instead of being an application's.</summary>
    public bool IsOrganization { get; }

    public DateTimeOffset ExpiresAt { get; }

    /// <summary>The token in a text; null when there is none.</summary>
    internal static StoredAccessToken? Parse(string file, string text)
    {
        var token = text.Trim();
        if (token.Length is 0 or > MaxLength || token.Split('.') is not [_, var payload, _] || !Base64Url.IsValid(payload))
        {
            return null;
        }

        try
        {
            using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(payload));
            return claims.RootElement.ValueKind == JsonValueKind.Object ? new StoredAccessToken(file, token, claims.RootElement) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
