using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tunnel.Core.Api;

/// <summary>How the sign-in page of an organisation looks.</summary>
public sealed record AccessLoginDesign
{
    /// <summary>Such as <c>#ffffff</c>.</summary>
    public string? BackgroundColor { get; init; }

    public string? TextColor { get; init; }

    /// <summary>The https address of a picture.</summary>
    public string? LogoPath { get; init; }

    public string? HeaderText { get; init; }

    public string? FooterText { get; init; }

    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }
}
