using Tunnel.Edge.Store;

namespace Tunnel.Edge.Identity;

/// <summary>Who a visitor has proven to be: a person by mail address, or a machine by service token.</summary>
internal sealed record VerifiedIdentity(string? Email, ServiceTokenRecord? ServiceToken)
{
    /// <summary>What tells identities apart.</summary>
    public string Subject => ServiceToken is null ? "email:" + Email : "token:" + ServiceToken.ClientId;
}
