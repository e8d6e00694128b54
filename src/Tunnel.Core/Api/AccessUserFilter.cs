namespace Tunnel.Core.Api;

/// <summary>Which users to list; what is null does not narrow.</summary>
public sealed record AccessUserFilter
{
    public string? Email { get; init; }

    /// <summary>A part of the name.</summary>
    public string? Name { get; init; }

    /// <summary>A part of the name or the address.</summary>
    public string? Search { get; init; }
}
