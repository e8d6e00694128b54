namespace Tunnel.Core.Api;

/// <summary>Which entries of the request log; null stands for all.</summary>
public sealed record AccessLogFilter
{
    /// <summary>A mail address or a part of one.</summary>
    public string? Email { get; init; }

    public string? ApplicationId { get; init; }

    /// <summary>One request, as its <c>Cf-Ray</c> header tells.</summary>
    public string? RayId { get; init; }

    public bool? Allowed { get; init; }

    public DateTimeOffset? Since { get; init; }

    public DateTimeOffset? Until { get; init; }

    /// <summary>The oldest first; else the newest.</summary>
    public bool IsAscending { get; init; }
}
