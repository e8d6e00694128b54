using System.Text.Json.Serialization;

namespace Tunnel.Core.Ingress;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IngressRecord))]
internal sealed partial class IngressRecordJson : JsonSerializerContext;
