using System.Globalization;
using Tunnel.Core.Accounts;

namespace Tunnel.Core.Api;

/// <summary>What to do next, by the API's code first and by the HTTP status where the code says nothing.</summary>
internal static class ApiAdvice
{
    public static string For(ApiCall call, int status, IReadOnlyList<ApiError> errors, TimeSpan? retryAfter)
    {
        foreach (var error in errors)
        {
            if (ForCode(call, error.Code) is { } advice)
            {
                return advice;
            }
        }

        return ForStatus(call, status, retryAfter);
    }

    private static string? ForCode(ApiCall call, int code) => code switch
    {
        ApiErrorCodes.InvalidToken when call.Path.EndsWith("verify", StringComparison.Ordinal) =>
            "The API token is not valid: it was mistyped, rolled or deleted. Make a new one and connect again.",
        ApiErrorCodes.Authentication =>
            $"The API token is not accepted here. Check that it is the one of this account, and that it has {Permission(call)}.",
        ApiErrorCodes.InvalidHeaders or ApiErrorCodes.InvalidAuthorization =>
            "The API token is malformed: give an API token (not the global API key), copied whole.",
        ApiErrorCodes.Unauthorized =>
            $"The API token may not do this. Give it {Permission(call)} for this account or zone, or use another token.",
        ApiErrorCodes.ZoneExists =>
            "The zone exists already, in this account or another one. List the zones of this account; remove it elsewhere first.",
        ApiErrorCodes.TunnelNameExists when call.Path.Contains("cfd_tunnel", StringComparison.Ordinal) =>
            "A tunnel of this name exists: choose another name, use that tunnel, or remove it first.",
        ApiErrorCodes.TunnelHasConnections when call.Path.Contains("cfd_tunnel", StringComparison.Ordinal) =>
            "A connector still runs this tunnel. Stop it first, or clean up its connections.",
        ApiErrorCodes.RecordWithHostExists or ApiErrorCodes.RecordExists or ApiErrorCodes.IdenticalRecordExists =>
            "The hostname has a DNS record already. Remove it, choose another hostname, or allow it to be overwritten.",
        ApiErrorCodes.RecordNotFound => "The DNS record is gone: list the records again.",
        ApiErrorCodes.NoRoute or ApiErrorCodes.InvalidIdentifier =>
            "The API does not know this path: check the identifiers (account, zone, tunnel) and the API address.",
        _ => null,
    };

    private static string ForStatus(ApiCall call, int status, TimeSpan? retryAfter) => status switch
    {
        401 => "The API token is missing or wrong. Connect again with a valid one.",
        403 => $"The API token has no permission for this. Give it {Permission(call)}.",
        404 => "It does not exist (any more), or the API token cannot see it. List what there is.",
        409 => "Something with this name or hostname exists. Use it, or remove it first.",
        429 when retryAfter is { } wait => string.Create(
            CultureInfo.InvariantCulture, $"Too many calls. Try again in {Math.Ceiling(wait.TotalSeconds):0} s."),
        429 => "Too many calls. Wait a few minutes, then try again.",
        >= 500 => "The API has a fault. Try again later; for Cloudflare see https://www.cloudflarestatus.com.",
        _ => "Check the values that were given.",
    };

    /// <summary>The permission, as Cloudflare's token page names it.</summary>
    private static string Permission(ApiCall call) => call.Path switch
    {
        _ when AccountPermission.Of(call.Path, call.Method == HttpMethod.Get) is { } known => $"the permission {known.Title}",
        _ when call.Path.Contains("/tunnels/", StringComparison.Ordinal) =>
            "the permissions Account > Cloudflare Tunnel > Edit and Zone > DNS > Edit",
        _ when call.Path.StartsWith("zones", StringComparison.Ordinal) => "the permission Zone > Zone > Read (Edit to create)",
        _ => "the permission Account > Account Settings > Read",
    };
}
