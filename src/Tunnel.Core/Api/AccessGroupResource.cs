using System.Text.Json;
using System.Text.Json.Serialization;
using Tunnel.Access;

namespace Tunnel.Core.Api;

/// <summary>
/// An Access group, as the API tells it. Selectors and members that this version does not know survive reading, changing
/// and writing.
/// </summary>
public sealed record AccessGroupResource : IApiResource
{
    /// <summary>Empty for a group that is to be created.</summary>
    public string Id { get; init; } = "";

    public required string Name { get; init; }

    public IReadOnlyList<AccessRule> Include { get; init; } = [];
    public IReadOnlyList<AccessRule> Require { get; init; } = [];
    public IReadOnlyList<AccessRule> Exclude { get; init; } = [];
    public DateTimeOffset? CreatedAt { get; init; }
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>What the API told and this client does not know; sent back unchanged by an update.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }

    /// <summary>What it says, on one line.</summary>
    [JsonIgnore]
    public string Summary =>
        string.Join(", ", Include)
        + (Require.Count > 0 ? $"; requires {string.Join(", ", Require)}" : "")
        + (Exclude.Count > 0 ? $"; not {string.Join(", ", Exclude)}" : "");

    /// <summary>The group as <see cref="PolicyEvaluator"/> takes it.</summary>
    public AccessGroup ToGroup() => new()
    {
        Id = Id,
        Name = Name,
        Include = Include,
        Require = Require,
        Exclude = Exclude,
    };

    public override string ToString() => Name;
}
