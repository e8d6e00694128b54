using Microsoft.AspNetCore.Http;

namespace Tunnel.Edge.Api.Http;

/// <summary>The errors that every resource shares, with Cloudflare's codes and words.</summary>
internal static class ApiErrors
{
    public static ApiException NoRoute(string path) => new(StatusCodes.Status404NotFound,
    [
        new ApiError(7003, $"Could not route to {path}, perhaps your object identifier is invalid?"),
        new ApiError(7000, "No route for that URI"),
    ]);

    public static ApiException MethodNotAvailable(string method) =>
        new(StatusCodes.Status405MethodNotAllowed, 7001, $"Method {method} not available for that URI.");

    public static ApiException MissingAuthorization() =>
        new(StatusCodes.Status400BadRequest, 9106, "Missing X-Auth-Key, X-Auth-Email or Authorization headers");

    public static ApiException MalformedAuthorization() => new(StatusCodes.Status400BadRequest,
        [new ApiError(6003, "Invalid request headers", new ApiError(6111, "Invalid format for Authorization header"))]);

    public static ApiException Authentication() =>
        new(StatusCodes.Status403Forbidden, 10000, "Authentication error");

    public static ApiException InvalidToken() =>
        new(StatusCodes.Status401Unauthorized, 1000, "Invalid API Token");

    public static ApiException Unauthorized() =>
        new(StatusCodes.Status403Forbidden, 9109, "Unauthorized to access requested resource");

    /// <summary>The token's condition keeps it to other addresses.</summary>
    public static ApiException WrongLocation(string address) => new(StatusCodes.Status403Forbidden, 9109,
        $"Cannot use the access token from location: {address}");

    /// <summary>A token that an account owns stands for no user.</summary>
    public static ApiException NoUser() =>
        new(StatusCodes.Status403Forbidden, 9109, "Valid user-level authentication not found");

    public static ApiException UnknownMembership() =>
        new(StatusCodes.Status404NotFound, 1002, "Membership not found");

    public static ApiException ZoneCreation() => new(StatusCodes.Status403Forbidden, 0,
        "Requires permission \"com.cloudflare.api.account.zone.create\" to create zones for the selected account");

    /// <summary>Not one of Cloudflare's: theirs is reached by name and needs no such guard.</summary>
    public static ApiException WrongHost() => new(StatusCodes.Status421MisdirectedRequest, 6003,
        "Invalid request headers: Host is not an address of this API");

    public static ApiException BodyTooLarge(int limit) => new(StatusCodes.Status413PayloadTooLarge, 413,
        $"The request body is larger than {limit} bytes");

    public static ApiException MalformedBody(string reason) =>
        new(StatusCodes.Status400BadRequest, 9207, $"Failed to parse the request body: {reason}");

    public static ApiException InvalidQuery(string name) =>
        new(StatusCodes.Status400BadRequest, 1004, $"Invalid value for the query parameter '{name}'");

    public static ApiException Internal() =>
        new(StatusCodes.Status500InternalServerError, 10001, "Internal error: see the edge's log");
}
