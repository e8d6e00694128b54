using System.Text.Json;
using System.Text.Json.Serialization;
using Tunnel.Access;

namespace Tunnel.Core.Api;

/// <summary>A list of the account (a "Zero Trust list"), as the API tells it. Rules of Access name lists of two types.</summary>
public sealed record AccessListResource : IApiResource
{
    /// <summary>The type of lists of e-mail addresses.</summary>
    public const string EmailType = "EMAIL";

    /// <summary>The type of lists of IP addresses and ranges.</summary>
    public const string IpType = "IP";

    /// <summary>Empty for a list that is to be created.</summary>
    public string Id { get; init; } = "";

    public required string Name { get; init; }

    /// <summary><see cref="EmailType"/>, <see cref="IpType"/>, or one that no rule of Access names.</summary>
    public required string Type { get; init; }

    public string? Description { get; init; }

    /// <summary>How many entries it has.</summary>
    public int? Count { get; init; }

    /// <summary>The entries; null where they were not asked for.</summary>
    public IReadOnlyList<AccessListItem>? Items { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>What the API told and this client does not know.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }

    /// <summary>The rule that matches whom the list holds; null for a list that no rule names.</summary>
    public AccessRule? ToRule() => Type switch
    {
        EmailType => new EmailListRule(Id),
        IpType => new IpListRule(Id),
        _ => null,
    };

    public override string ToString() => Name;
}
