namespace Tunnel.Core.Api;

/// <summary>
/// Codes of Cloudflare's API v4 that callers decide on. They are documented with the products, and are unique only
/// within one; the ones here do not collide among the resources that this client calls.
/// </summary>
public static class ApiErrorCodes
{
    public const int InvalidToken = 1000;
    public const int TunnelNameExists = 1013;
    public const int TunnelHasConnections = 1022;
    public const int ZoneExists = 1061;
    public const int InvalidHeaders = 6003;
    public const int InvalidAuthorization = 6111;
    public const int NoRoute = 7000;
    public const int InvalidIdentifier = 7003;
    public const int Unauthorized = 9109;
    public const int Authentication = 10000;
    public const int RecordNotFound = 81044;
    public const int RecordWithHostExists = 81053;
    public const int RecordExists = 81057;
    public const int IdenticalRecordExists = 81058;
}
