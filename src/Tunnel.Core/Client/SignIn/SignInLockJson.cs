using System.Text.Json.Serialization;

namespace Tunnel.Core.Client.SignIn;

[JsonSerializable(typeof(SignInLockOwner))]
internal sealed partial class SignInLockJson : JsonSerializerContext;
