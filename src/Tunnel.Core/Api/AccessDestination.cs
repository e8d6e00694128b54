using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tunnel.Core.Api;

/// <summary>One place that an application guards.</summary>
public sealed record AccessDestination
{
    /// <summary><c>public</c>, <c>private</c>, ...; null counts as public.</summary>
    public string? Type { get; init; }

    /// <summary>Hostname with an optional path, for a public destination.</summary>
    public string? Uri { get; init; }

    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }
}
