using Tunnel.Edge.Store;

namespace Tunnel.Edge.Identity;

/// <summary>Who a visitor has proven to be: a person by a session, or a machine by a service token or a client certificate.</summary>
/// <param name="Session">The sign-in behind a person's token; null for a machine.</param>
/// <param name="ServiceToken">Null for a person.</param>
/// <param name="Nonce">What a token for this visitor stands for: the session's, or what the service token's secret makes.</param>
/// <param name="SessionId">What the session is to the application; null for a machine.</param>
internal sealed record VerifiedIdentity(
    AccessSessionRecord? Session, ServiceTokenRecord? ServiceToken, string Nonce, string? SessionId = null)
{
    public string? Email => Session?.Email;

    /// <summary>The application token that the person showed: the origin is told by the same one.</summary>
    public string? Token { get; init; }

    /// <summary>Of a machine that showed a client certificate and nothing else, where that let it in; else null.</summary>
    public CertifiedMachine? Machine { get; init; }

    /// <summary>What a machine is called in tokens: its client id, or its certificate's common name.</summary>
    public string MachineName => ServiceToken?.ClientId ?? Machine?.CommonName ?? "";

    /// <summary>What tells identities apart.</summary>
    public string Subject => ServiceToken is not null ? "token:" + MachineName
        : Machine is not null ? "certificate:" + MachineName
        : "email:" + Email;
}
