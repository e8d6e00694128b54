using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tunnel.Core.Api;

/// <summary>The Zero Trust organisation of an account: the name, address and looks of its sign-in.</summary>
public sealed record AccessOrganization
{
    public string? Name { get; init; }

    /// <summary>The host that signs people in and issues tokens: the team domain.</summary>
    public string? AuthDomain { get; init; }

    /// <summary>How long a sign-in holds where an application sets nothing, such as <c>24h</c>.</summary>
    public string? SessionDuration { get; init; }

    /// <summary>Skip the choice of an identity provider where there is only one.</summary>
    public bool? AutoRedirectToIdentity { get; init; }

    public AccessLoginDesign? LoginDesign { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>What the API told and this client does not know; sent back unchanged by an update.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }

    public override string ToString() => $"{Name} ({AuthDomain})";
}
