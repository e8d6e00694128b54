namespace Tunnel.Protocol.Tokens;

/// <summary>Why an Access token was refused.</summary>
public enum AccessTokenRefusal
{
    /// <summary>There is none.</summary>
    Missing,

    /// <summary>Longer than <see cref="AccessTokenValidator.MaxLength"/>.</summary>
    TooLong,

    /// <summary>Not a signed JWT.</summary>
    Malformed,

    /// <summary>Signed with anything but RS256, or not at all.</summary>
    AlgorithmNotAllowed,

    /// <summary>The key id is missing, or of no key that is known.</summary>
    UnknownKey,

    BadSignature,

    /// <summary>A claim that every Access token has is missing or of the wrong type.</summary>
    MissingClaim,

    WrongIssuer,

    /// <summary>A token for another application.</summary>
    WrongAudience,

    Expired,

    /// <summary>Issued, or valid from, later than now.</summary>
    NotYetValid,
}
