using System.Buffers;
using Microsoft.AspNetCore.Http;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Api.Http;

/// <summary>Who calls: <c>Authorization: Bearer</c> and an API token's value.</summary>
internal static class ApiAuthentication
{
    private const string Scheme = "Bearer ";

    private static readonly SearchValues<char> TokenCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    public static ApiTokenRecord Authenticate(
        HttpContext context, EdgeStore store, DateTimeOffset now, Func<ApiException> unknown)
    {
        var headers = context.Request.Headers.Authorization;
        if (headers.Count == 0)
        {
            throw ApiErrors.MissingAuthorization();
        }

        if (headers is not [{ } header] || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            throw ApiErrors.MalformedAuthorization();
        }

        var value = header.AsSpan(Scheme.Length).Trim();
        if (value.Length is < 8 or > 256 || value.ContainsAnyExcept(TokenCharacters))
        {
            throw ApiErrors.MalformedAuthorization();
        }

        var token = store.ApiTokens.Find(value.ToString());
        return token is { Status: "active" }
            && (token.NotBefore is not { } from || now >= from)
            && (token.ExpiresOn is not { } until || now < until)
                ? token
                : throw unknown();
    }
}
