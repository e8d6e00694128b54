namespace Tunnel.Edge.Store;

/// <summary>An API token. Only the SHA-256 hash of its value is kept.</summary>
/// <param name="Id">32 hex characters.</param>
/// <param name="Name">As people see it.</param>
/// <param name="Status"><c>active</c>, <c>disabled</c> or <c>expired</c>.</param>
/// <param name="IssuedOn">When its present value was made.</param>
/// <param name="NotBefore">Not valid earlier; null for no limit.</param>
/// <param name="ExpiresOn">Not valid from here on; null for never.</param>
public sealed record ApiTokenRecord(
    string Id,
    string Name,
    string Status,
    DateTimeOffset IssuedOn,
    DateTimeOffset? NotBefore,
    DateTimeOffset? ExpiresOn);
