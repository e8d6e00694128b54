namespace Tunnel.Edge.Store;

/// <summary>What a session is to one application: the application's token stands for this.</summary>
/// <param name="Id">The <c>sid</c> of the token: another one after each revocation.</param>
/// <param name="ApplicationId">The application.</param>
/// <param name="Hostname">Where the person went.</param>
/// <param name="IssuedAt">When the application was opened first.</param>
/// <param name="ExpiresAt">When the latest token ends.</param>
public sealed record AccessApplicationSession(
    string Id, Guid ApplicationId, string Hostname, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt);
