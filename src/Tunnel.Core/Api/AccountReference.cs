namespace Tunnel.Core.Api;

/// <summary>The account that a zone belongs to.</summary>
public sealed record AccountReference
{
    public string? Id { get; init; }
    public string? Name { get; init; }
}
