using Tunnel.Edge.Store;

namespace Tunnel.Edge.Identity.SignIn;

/// <summary>A provider that people are sent to, as the account has it set up. <see cref="ProviderKinds"/> reads it.</summary>
internal sealed record OidcProvider
{
    public required IdentityProviderRecord Record { get; init; }

    public required Uri AuthorizationAddress { get; init; }

    public required Uri TokenAddress { get; init; }

    /// <summary>Where its keys are; null for one that speaks OAuth and gives no ID token (GitHub).</summary>
    public Uri? KeysAddress { get; init; }

    /// <summary>Where an OAuth provider tells who somebody is; it ends in a slash.</summary>
    public Uri? ApiAddress { get; init; }

    /// <summary>Where it tells more of a person than the ID token does (OpenID Connect Core 1.0, section 5.3); null: nowhere.</summary>
    public Uri? UserInfoAddress { get; init; }

    /// <summary>Entra: where Microsoft Graph tells the groups of people who are in too many for a token; null: nobody is to ask.</summary>
    public Uri? GraphAddress { get; init; }

    public required string ClientId { get; init; }

    public string Scope { get; init; } = "openid email profile";

    /// <summary>The claim that holds the mail address.</summary>
    public string EmailClaim { get; init; } = "email";

    /// <summary>Claims that policies ask for.</summary>
    public IReadOnlyList<string> Claims { get; init; } = [];

    /// <summary>
    /// What ID tokens have to name; null where the settings do not tell: then whoever signs with these keys, told over TLS
    /// by this address, is it.
    /// </summary>
    public string? Issuer { get; init; }

    /// <summary>
    /// Whether an answer that says whose it is (<c>iss</c>, RFC 9207) can be this provider's: where the settings do not tell
    /// the issuer, one of its addresses has to lie below it.
    /// </summary>
    public bool CanBe(string issuer) => Issuer is { } known
        ? issuer.TrimEnd('/') == known.TrimEnd('/')
        : ((Uri?[])[AuthorizationAddress, TokenAddress, KeysAddress]).Any(
            address => address?.AbsoluteUri.StartsWith(issuer.TrimEnd('/') + "/", StringComparison.Ordinal) == true)
            && Uri.TryCreate(issuer, UriKind.Absolute, out var parsed) && parsed.Host.Length > 0;

    /// <summary>Google Workspace: the only domain whose people are meant.</summary>
    public string? Domain { get; init; }

    /// <summary>What else the provider is asked for, such as <c>prompt</c>.</summary>
    public IReadOnlyDictionary<string, string?> Parameters { get; init; } = new Dictionary<string, string?>();
}
