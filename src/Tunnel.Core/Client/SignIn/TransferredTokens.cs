using System.Text.Json.Serialization;

namespace Tunnel.Core.Client.SignIn;

/// <summary>What the browser grants a program (cloudflared <c>token/token.go</c>).</summary>
internal sealed class TransferredTokens
{
    [JsonPropertyName("app_token")]
    public string? ApplicationToken { get; init; }

    [JsonPropertyName("org_token")]
    public string? OrganizationToken { get; init; }
}
