using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tunnel.Core.Api;

/// <summary>
/// An authority for client certificates (mutual TLS): visitors of its hostnames are asked for a certificate of it. Of the
/// certificate itself the API tells only the name, fingerprint and end.
/// </summary>
public sealed record AccessCertificate : IApiResource
{
    /// <summary>Empty for one that is to be added.</summary>
    public string Id { get; init; } = "";

    public required string Name { get; init; }

    /// <summary>The authority's own certificate, PEM. Sent when it is added, never told again.</summary>
    public string? Certificate { get; init; }

    /// <summary>Where its certificates are asked for and count.</summary>
    public IReadOnlyList<string> AssociatedHostnames { get; init; } = [];

    /// <summary>MD5, as the API tells it: for people to compare.</summary>
    public string? Fingerprint { get; init; }

    public DateTimeOffset? ExpiresOn { get; init; }
    public DateTimeOffset? CreatedAt { get; init; }
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>What the API told and this client does not know.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }

    public override string ToString() => Name;
}
