using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tunnel.Core.Api;

/// <summary>One entry of a list: it has no other name than its value.</summary>
public sealed record AccessListItem : IApiResource
{
    /// <summary>An e-mail address, an IP address, a range: what the list is one of.</summary>
    public string Value { get; init; } = "";

    public string? Description { get; init; }
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>What the API told and this client does not know.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }

    string IApiResource.Id => Value;

    public override string ToString() => Value;
}
