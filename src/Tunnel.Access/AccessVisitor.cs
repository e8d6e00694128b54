using System.Net;

namespace Tunnel.Access;

/// <summary>What has been proven about a visitor. What was only claimed does not belong here.</summary>
/// <remarks>
/// Null stands for "not known" wherever that differs from "none": a rule on a fact that is not known never helps anyone
/// in (see <see cref="PolicyEvaluator"/>).
/// </remarks>
public sealed record AccessVisitor
{
    /// <summary>The address that an identity provider vouches for; null for a visitor who has not signed in.</summary>
    public string? Email { get; init; }

    /// <summary>Whether an identity provider vouches for the visitor.</summary>
    public bool IsSignedIn => !string.IsNullOrEmpty(Email);

    /// <summary>The API's id of the identity provider that vouches.</summary>
    public string? LoginMethodId { get; init; }

    /// <summary>How the visitor proved who they are, in the words of RFC 8176 (<c>pwd</c>, <c>mfa</c>, ...).</summary>
    public IReadOnlyCollection<string>? AuthenticationMethods { get; init; }

    /// <summary>The OIDC claims or SAML attributes that the identity provider told, each with its values as text.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Claims { get; init; }

    /// <summary>
    /// The groups that the identity provider tells, as the selectors name them: ids (Entra), names (Okta), addresses
    /// (Google), <c>organization</c> and <c>organization/team</c> (GitHub).
    /// </summary>
    public IReadOnlyCollection<string>? IdentityGroups { get; init; }

    /// <summary>Where the connection comes from.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>The country of that address: two letters of ISO 3166-1, or <c>T1</c> for Tor.</summary>
    public string? Country { get; init; }

    /// <summary>The client certificate; <see cref="VisitorCertificate.None"/> where one was asked for and none shown.</summary>
    public VisitorCertificate? Certificate { get; init; }

    /// <summary>The API's id of the service token whose secret was shown and is valid now; null for none.</summary>
    public string? ServiceTokenId { get; init; }

    /// <summary>That token's name, for reasons and logs.</summary>
    public string? ServiceTokenName { get; init; }

    /// <summary>
    /// What the endpoints of <see cref="PolicyEvaluator.ExternalEvaluations"/> answered for this visitor, signatures
    /// checked. One that could not be asked is left out.
    /// </summary>
    public IReadOnlyDictionary<ExternalEvaluationRule, bool>? ExternalEvaluations { get; init; }

    /// <summary>Whether a service token or a client certificate vouches for a machine.</summary>
    internal bool IsMachine => ServiceTokenId is not null || Certificate is { IsPresent: true };
}
