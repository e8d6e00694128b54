using System.Text.Json.Serialization;

namespace Tunnel.Core.Client.SignIn;

[JsonSerializable(typeof(TransferredTokens))]
internal sealed partial class TransferredTokensJson : JsonSerializerContext;
