namespace Tunnel.Edge.Store;

/// <summary>
/// One decision of Access as the request log keeps it: who, from where, to what, and what was said. Holds no secret: no
/// token, no PIN, no query of the request.
/// </summary>
public sealed record AccessRequestEntry
{
    /// <summary>What Cloudflare calls the event of a visitor who wants in.</summary>
    public const string Login = "login";

    /// <summary>What it calls the event of a visitor who signs out.</summary>
    public const string Logout = "logout";

    /// <summary>The event of a person who wants a key certified; Cloudflare's log has no name for it.</summary>
    public const string SshCertificate = "ssh_certificate";

    /// <summary>The event of sessions that an administrator ends; Cloudflare has it in another log.</summary>
    public const string Revocation = "revocation";

    /// <summary>The event of an open stream that is cut off, because what let it in holds no more.</summary>
    public const string StreamEnd = "stream_end";

    /// <summary>The event of a person who asks for an approval, and of those who give or refuse it.</summary>
    public const string Approval = "approval";

    /// <summary>The <see cref="Connection"/> of a visitor who showed a service token.</summary>
    public const string NonIdentity = "nonidentity";

    /// <summary>
    /// Whether nobody had proven to be anybody. Whoever can reach the edge can make such entries: they have a share of the
    /// log of their own, so that they push no other out.
    /// </summary>
    public bool IsStranger { get; init; }

    /// <summary>When it was decided.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary><see cref="Login"/>, <see cref="Logout"/>, <see cref="SshCertificate"/>, <see cref="Revocation"/>, <see cref="StreamEnd"/> or <see cref="Approval"/>.</summary>
    public string Action { get; init; } = Login;

    /// <summary>Whether the visitor was let in.</summary>
    public required bool Allowed { get; init; }

    /// <summary>The visitor's mail address; null for machines and for visitors who did not sign in.</summary>
    public string? UserEmail { get; init; }

    /// <summary>Where the visitor came from.</summary>
    public required string IpAddress { get; init; }

    /// <summary>The visitor's country, ISO 3166-1 alpha-2; null when it is not known.</summary>
    public string? Country { get; init; }

    /// <summary>The application that covers the address; null for a sign-in to the organisation itself.</summary>
    public Guid? ApplicationId { get; init; }

    /// <summary>The application's domain that was asked for, or the hostname under its wildcard.</summary>
    public string? ApplicationDomain { get; init; }

    /// <summary>The application's name at that time.</summary>
    public string? ApplicationName { get; init; }

    /// <summary><c>self_hosted</c> or <c>ssh</c>.</summary>
    public string? ApplicationType { get; init; }

    /// <summary>
    /// How the visitor proved who they are: the type of the identity provider (<c>onetimepin</c>, <c>oidc</c>, ...), or
    /// <see cref="NonIdentity"/>; null when nothing was proven.
    /// </summary>
    public string? Connection { get; init; }

    /// <summary>The identity provider; null when there was none.</summary>
    public Guid? IdentityProviderId { get; init; }

    /// <summary>The service token's name; null when none was accepted.</summary>
    public string? ServiceToken { get; init; }

    /// <summary>The name of the policy that decided; null when none matched.</summary>
    public string? Policy { get; init; }

    /// <summary>One sentence for people: why.</summary>
    public string? Reason { get; init; }

    /// <summary>The request, as its <c>Cf-Ray</c> header tells: 16 hex characters.</summary>
    public required string RayId { get; init; }
}
