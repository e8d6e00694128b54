using Microsoft.AspNetCore.Http;
using Tunnel.Edge.Api.Http;

namespace Tunnel.Edge.Api.Users;

internal static class TokenErrors
{
    public static ApiException Unknown() => new(StatusCodes.Status404NotFound, 1003, "API token not found");

    public static ApiException Invalid(string message) => new(StatusCodes.Status400BadRequest, 1001, message);
}
