namespace Tunnel.Protocol.Tokens;

/// <summary>What a valid Access token says.</summary>
public sealed record AccessTokenClaims
{
    /// <summary><c>aud</c>: the applications that the token is for.</summary>
    public required IReadOnlyList<string> Audiences { get; init; }

    /// <summary><c>iss</c>: the team's address.</summary>
    public required string Issuer { get; init; }

    /// <summary><c>sub</c>: the user's id; empty for a service token.</summary>
    public string Subject { get; init; } = "";

    /// <summary><c>email</c>; null for a service token.</summary>
    public string? Email { get; init; }

    public required DateTimeOffset IssuedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? NotBefore { get; init; }

    /// <summary><c>type</c>: <c>app</c> for an application's token, <c>org</c> for an organisation's.</summary>
    public string? Type { get; init; }

    /// <summary><c>common_name</c>: the client id of a service token, or the name in a client certificate.</summary>
    public string? CommonName { get; init; }

    /// <summary><c>identity_nonce</c>: names the sign-in that earned the token.</summary>
    public string? IdentityNonce { get; init; }

    /// <summary><c>sid</c>: names what that sign-in is to one application; only the embedded edge writes it.</summary>
    public string? SessionId { get; init; }

    /// <summary><c>country</c>: where the sign-in came from, two letters.</summary>
    public string? Country { get; init; }
}
