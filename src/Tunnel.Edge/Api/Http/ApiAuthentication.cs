using System.Buffers;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Tunnel.Edge.Api.Permissions;
using Tunnel.Edge.Api.Users;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Api.Http;

/// <summary>Who calls: <c>Authorization: Bearer</c> and an API token's value.</summary>
internal static class ApiAuthentication
{
    private const string Scheme = "Bearer ";

    private static readonly SearchValues<char> TokenCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    public static ApiCaller Authenticate(
        HttpContext context, EdgeStore store, DateTimeOffset now, Func<ApiException> unknown)
    {
        var token = store.ApiTokens.Find(ReadValue(context));
        if (token is null || !IsActive(token, now))
        {
            throw unknown();
        }

        if (!IsAdmitted(token, context.Connection.RemoteIpAddress))
        {
            throw ApiErrors.WrongLocation(context.Connection.RemoteIpAddress?.ToString() ?? "unknown");
        }

        store.ApiTokens.Used(token.Id);
        return new ApiCaller(token, store.Account.Id, store.UserId);
    }

    public static bool IsActive(ApiTokenRecord token, DateTimeOffset now) =>
        token.StatusAt(now) == "active" && !(now < token.NotBefore);

    /// <summary>Whether the token may be used from an address.</summary>
    public static bool IsAdmitted(ApiTokenRecord token, IPAddress? address) =>
        TokenCondition.Read(JsonNode.Parse(token.Condition) as JsonObject, TokenErrors.Invalid).Admits(address);

    private static string ReadValue(HttpContext context)
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
        return value.Length is < 8 or > 256 || value.ContainsAnyExcept(TokenCharacters)
            ? throw ApiErrors.MalformedAuthorization()
            : value.ToString();
    }
}
