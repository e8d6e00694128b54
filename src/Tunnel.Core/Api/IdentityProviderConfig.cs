using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tunnel.Core.Api;

/// <summary>The settings of an identity provider; which of them there are depends on its type.</summary>
public sealed record IdentityProviderConfig
{
    public string? ClientId { get; init; }

    /// <summary>Sent and never told.</summary>
    public string? ClientSecret { get; init; }

    public string? AuthUrl { get; init; }
    public string? TokenUrl { get; init; }
    public string? CertsUrl { get; init; }
    public IReadOnlyList<string>? Scopes { get; init; }
    public IReadOnlyList<string>? Claims { get; init; }
    public string? EmailClaimName { get; init; }
    public bool? PkceEnabled { get; init; }

    /// <summary>What has to be registered at the provider; the API tells it.</summary>
    public string? RedirectUrl { get; init; }

    /// <summary>The other settings, such as <c>okta_account</c> or <c>directory_id</c>.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }

    /// <summary>Without the secret.</summary>
    public override string ToString() => ClientId ?? "";
}
