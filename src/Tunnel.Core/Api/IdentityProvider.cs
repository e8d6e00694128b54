using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tunnel.Core.Api;

/// <summary>Where the people of an account can sign in.</summary>
public sealed record IdentityProvider : IApiResource
{
    /// <summary>Empty for a provider that is to be created.</summary>
    public string Id { get; init; } = "";

    /// <summary>As people see it on the sign-in page.</summary>
    public string? Name { get; init; }

    /// <summary><c>onetimepin</c>, <c>oidc</c>, <c>github</c>, <c>google</c>, <c>okta</c>, <c>azureAD</c>, ...</summary>
    public string? Type { get; init; }

    public IdentityProviderConfig Config { get; init; } = new();

    /// <summary>What the API told and this client does not know; sent back unchanged by an update.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }

    public override string ToString() => $"{Name} ({Type})";
}
