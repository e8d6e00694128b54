using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tunnel.Core.Api;

/// <summary>An Access application: the hostnames and paths that its policies guard.</summary>
public sealed record AccessApplication : IApiResource
{
    /// <summary>Empty for an application that is to be created.</summary>
    public string Id { get; init; } = "";

    /// <summary>The audience of its tokens.</summary>
    public string? Aud { get; init; }

    public string? Name { get; init; }

    /// <summary>The first hostname with an optional path: <c>ssh.example.com</c>, <c>*.example.com/admin</c>.</summary>
    public string? Domain { get; init; }

    /// <summary><c>self_hosted</c>, <c>ssh</c>, <c>vnc</c>, ...</summary>
    public string? Type { get; init; }

    /// <summary>How long a sign-in holds, such as <c>24h</c>.</summary>
    public string? SessionDuration { get; init; }

    /// <summary>All hostnames with optional paths; a newer form of <see cref="Domain"/>.</summary>
    public IReadOnlyList<string>? SelfHostedDomains { get; init; }

    /// <summary>The newest form: objects with <c>type</c> and <c>uri</c>.</summary>
    public IReadOnlyList<AccessDestination>? Destinations { get; init; }

    /// <summary>The ids of the identity providers that people may sign in with; none: all of the account.</summary>
    public IReadOnlyList<string>? AllowedIdps { get; init; }

    /// <summary>With one allowed identity provider: go there without a page to choose from.</summary>
    public bool? AutoRedirectToIdentity { get; init; }

    public bool? AppLauncherVisible { get; init; }

    /// <summary>What people read who are refused.</summary>
    public string? CustomDenyMessage { get; init; }

    /// <summary>Where people are sent who are refused.</summary>
    public string? CustomDenyUrl { get; init; }

    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>A service token that is refused gets 401 instead of a redirect to the sign-in page.</summary>
    [JsonPropertyName("service_auth_401_redirect")]
    public bool? ServiceAuth401Redirect { get; init; }

    /// <summary>Its policies as the API tells them, its own and reusable ones. They are written as <see cref="AccessPolicyLink"/>s.</summary>
    public IReadOnlyList<AccessPolicyResource>? Policies { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>What the API told and this client does not know; sent back unchanged by an update.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }
}
