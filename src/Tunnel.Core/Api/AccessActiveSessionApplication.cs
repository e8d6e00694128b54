namespace Tunnel.Core.Api;

/// <summary>An application that a session opened.</summary>
public sealed record AccessActiveSessionApplication
{
    public string? Hostname { get; init; }
    public string? Name { get; init; }
    public string? Type { get; init; }

    /// <summary>The application's id.</summary>
    public string? Uid { get; init; }

    public override string ToString() => Hostname ?? Name ?? Uid ?? "";
}
