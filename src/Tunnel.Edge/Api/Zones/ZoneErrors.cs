using Microsoft.AspNetCore.Http;
using Tunnel.Edge.Api.Http;

namespace Tunnel.Edge.Api.Zones;

internal static class ZoneErrors
{
    public static ApiException Unknown() => new(StatusCodes.Status404NotFound, 1001, "Invalid zone identifier");

    public static ApiException Exists(string name) =>
        new(StatusCodes.Status400BadRequest, 1061, $"{name} already exists");

    public static ApiException NotADomain(string name) =>
        new(StatusCodes.Status400BadRequest, 1049, $"{name} is not a registered domain");

    public static ApiException Invalid(string message) => new(StatusCodes.Status400BadRequest, 1004, message);
}
