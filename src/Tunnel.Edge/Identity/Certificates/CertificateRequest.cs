using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Tunnel.Edge.Pages;

namespace Tunnel.Edge.Identity.Certificates;

/// <summary>What a program posts that wants a key certified: cloudflared's <c>signPayload</c> (<c>sshgen/sshgen.go</c>).</summary>
/// <param name="PublicKey">A line as in <c>id_ecdsa.pub</c>.</param>
/// <param name="Token">The application's token.</param>
/// <param name="Issuer">Who the program takes for the token's issuer; empty when it does not say.</param>
internal sealed record CertificateRequest(string PublicKey, string Token, string Issuer)
{
    private const string MediaType = "application/json";

    /// <summary>The largest RSA key and the longest token, with room.</summary>
    private const int MaxBytes = 32 * 1024;

    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = 4, AllowDuplicateProperties = false };

    /// <summary>Reads the request's body; null when it is no such thing, or too large.</summary>
    public static async Task<CertificateRequest?> ReadAsync(HttpContext context)
    {
        var request = context.Request;
        if (request.ContentType?.Split(';')[0].Trim().Equals(MediaType, StringComparison.OrdinalIgnoreCase) != true)
        {
            return null;
        }

        return await BoundedBody.ReadAsync(context, MaxBytes, BoundedBody.Patience).ConfigureAwait(false) is { } body ? Parse(body) : null;
    }

    private static CertificateRequest? Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body, s_options);
            return json.RootElement.ValueKind == JsonValueKind.Object
                && Text(json.RootElement, "public_key") is { } key && Text(json.RootElement, "jwt") is { } token
                    ? new CertificateRequest(key, token, Text(json.RootElement, "issuer") ?? "") : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return null; // InvalidOperationException: a text with half a surrogate pair
        }
    }

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
