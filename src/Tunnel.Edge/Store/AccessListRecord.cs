using Tunnel.Access;

namespace Tunnel.Edge.Store;

/// <summary>A list of the account (a "Zero Trust list"), which rules of policies and groups can name.</summary>
public sealed record AccessListRecord
{
    /// <summary>The list.</summary>
    public required Guid Id { get; init; }

    /// <summary>The owning account.</summary>
    public required string AccountId { get; init; }

    /// <summary>As people see it. Need not be unique.</summary>
    public required string Name { get; init; }

    /// <summary>What it holds, in the API's word: <c>EMAIL</c>, <c>IP</c>, ... It never changes.</summary>
    public required string Type { get; init; }

    /// <summary>What it is for.</summary>
    public string Description { get; init; } = "";

    /// <summary>How many entries it has.</summary>
    public int Count { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it, or an entry, was last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>What rules see in it; null for a type that no selector of Access takes.</summary>
    public AccessListKind? Kind => Type switch
    {
        "EMAIL" => AccessListKind.Email,
        "IP" => AccessListKind.Ip,
        _ => null,
    };
}
