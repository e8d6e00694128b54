namespace Tunnel.Core.Api;

/// <summary>One decision of Access, as its request log has it.</summary>
public sealed record AccessLogEntry
{
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>
    /// <c>login</c> or <c>logout</c>; at the embedded edge also <c>ssh_certificate</c>, <c>revocation</c>,
    /// <c>stream_end</c> and <c>approval</c>.
    /// </summary>
    public string? Action { get; init; }

    public bool Allowed { get; init; }

    /// <summary>Null for machines and for visitors who did not sign in.</summary>
    public string? UserEmail { get; init; }

    public string? IpAddress { get; init; }

    public string? Country { get; init; }

    public string? AppDomain { get; init; }

    /// <summary>The application's id.</summary>
    public string? AppUid { get; init; }

    /// <summary>How the visitor proved who they are: the type of the identity provider.</summary>
    public string? Connection { get; init; }

    /// <summary>The request, as its <c>Cf-Ray</c> header tells.</summary>
    public string? RayId { get; init; }

    /// <summary>The service token that was shown; told by the embedded edge only.</summary>
    public string? ServiceTokenName { get; init; }

    /// <summary>The policy that decided; told by the embedded edge only.</summary>
    public string? PolicyName { get; init; }

    /// <summary>Why, in one sentence; told by the embedded edge only.</summary>
    public string? Reason { get; init; }
}
