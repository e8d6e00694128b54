namespace Tunnel.Core.Api;

/// <summary>What <c>GET accounts/{account}/access/apps</c> filters by.</summary>
public sealed record ApplicationFilter
{
    /// <summary>A part of the name, or all of it when <see cref="IsExact"/>.</summary>
    public string? Name { get; init; }

    /// <summary>A part of a domain, or all of it when <see cref="IsExact"/>.</summary>
    public string? Domain { get; init; }

    /// <summary>The audience of its tokens.</summary>
    public string? Audience { get; init; }

    /// <summary>A part of any of these.</summary>
    public string? Search { get; init; }

    /// <summary>Whether name and domain have to be met as a whole.</summary>
    public bool IsExact { get; init; }
}
