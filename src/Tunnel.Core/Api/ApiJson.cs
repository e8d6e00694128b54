using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Tunnel.Core.Api;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(Account))]
[JsonSerializable(typeof(Zone))]
[JsonSerializable(typeof(DnsRecord))]
[JsonSerializable(typeof(TunnelInfo))]
[JsonSerializable(typeof(TunnelClientInfo))]
[JsonSerializable(typeof(RemoteTunnelConfiguration))]
[JsonSerializable(typeof(DnsRouteResult))]
[JsonSerializable(typeof(AccessApplication))]
[JsonSerializable(typeof(AccessPolicyResource))]
[JsonSerializable(typeof(AccessCertificate))]
[JsonSerializable(typeof(AccessGroupResource))]
[JsonSerializable(typeof(AccessListResource))]
[JsonSerializable(typeof(AccessListItem))]
[JsonSerializable(typeof(IReadOnlyList<AccessPolicyLink>))]
[JsonSerializable(typeof(ServiceToken))]
[JsonSerializable(typeof(IdentityProvider))]
[JsonSerializable(typeof(AccessOrganization))]
[JsonSerializable(typeof(SshAuthority))]
[JsonSerializable(typeof(IReadOnlyList<AccessLogEntry>))]
[JsonSerializable(typeof(TokenVerification))]
[JsonSerializable(typeof(ApiToken))]
[JsonSerializable(typeof(AccessUser))]
[JsonSerializable(typeof(AccessActiveSession))]
[JsonSerializable(typeof(UserRevocation))]
[JsonSerializable(typeof(NewZone))]
[JsonSerializable(typeof(NewTunnel))]
[JsonSerializable(typeof(TunnelChange))]
[JsonSerializable(typeof(TunnelConfigurationChange))]
[JsonSerializable(typeof(NewDnsRoute))]
[JsonSerializable(typeof(ListNaming))]
[JsonSerializable(typeof(ListEdit))]
[JsonSerializable(typeof(ServiceTokenChange))]
[JsonSerializable(typeof(ServiceTokenRotation))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class ApiJson : JsonSerializerContext;

internal sealed record NewZone(string Name, AccountReference Account, string Type);

internal sealed record NewTunnel(string Name, byte[] TunnelSecret, string ConfigSrc)
{
    public override string ToString() => Name;
}

internal sealed record TunnelChange(string? Name, byte[]? TunnelSecret)
{
    public override string ToString() => Name ?? "";
}

internal sealed record TunnelConfigurationChange(JsonElement Config);

internal sealed record NewDnsRoute(string Type, string UserHostname, bool OverwriteExisting);

internal sealed record UserRevocation(string Email);

internal sealed record ListNaming(string Name, string? Description);

internal sealed record ListEdit(IReadOnlyList<AccessListItem> Append, IReadOnlyList<string> Remove);

internal sealed record ServiceTokenChange(string? Name, string? Duration, bool? Enabled = null);

internal sealed record ServiceTokenRotation(DateTimeOffset? PreviousClientSecretExpiresAt);
