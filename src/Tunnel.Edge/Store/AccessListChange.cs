namespace Tunnel.Edge.Store;

/// <summary>What is to be changed in a list.</summary>
public sealed record AccessListChange
{
    /// <summary>A new name; null: as it is.</summary>
    public string? Name { get; init; }

    /// <summary>A new description; null: as it is.</summary>
    public string? Description { get; init; }

    /// <summary>Whether only what <see cref="Append"/> holds stays.</summary>
    public bool Replaces { get; init; }

    /// <summary>What comes in. What is there already stays as it is, but for its description.</summary>
    public IReadOnlyList<AccessListItem> Append { get; init; } = [];

    /// <summary>Values that go, before others come. What is not there is no error.</summary>
    public IReadOnlyList<string> Remove { get; init; } = [];
}
