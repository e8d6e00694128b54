using Microsoft.AspNetCore.Http;
using Tunnel.Edge.Api.Http;

namespace Tunnel.Edge.Api.Tunnels;

internal static class TunnelErrors
{
    public static ApiException Missing() => new(StatusCodes.Status404NotFound, 1003, "Tunnel not found");

    public static ApiException ConnectorMissing() => new(StatusCodes.Status404NotFound, 1003, "Connector not found");

    public static ApiException Invalid(string message) => new(StatusCodes.Status400BadRequest, 1001, message);

    public static ApiException NameTaken() => new(StatusCodes.Status409Conflict, 1013,
        "You already have a tunnel with this name. Delete the existing tunnel, or choose a different name for your new tunnel");

    public static ApiException HasConnections() =>
        new(StatusCodes.Status400BadRequest, 1022, "Cannot delete tunnel because it has active connections");

    public static ApiException BadConfiguration(string message) =>
        new(StatusCodes.Status400BadRequest, 1056, $"Bad Configuration: {message}");

    public static ApiException RouteRefused(string hostname) => new(StatusCodes.Status400BadRequest, 1003,
        $"Failed to create record {hostname} with err An A, AAAA, or CNAME record with that host already exists.");
}
