using System.Text.Json.Serialization;

namespace Tunnel.Core.Client.SignIn;

/// <summary>The process that a lock file names, as cloudflared writes it (<c>token/token.go</c>).</summary>
/// <param name="ProcessId">Its id.</param>
/// <param name="StartTime">When it started, in milliseconds since 1970: ids are used again.</param>
/// <param name="Nonce">Tells one lock of a process from its next. Ours alone; cloudflared does not look at it.</param>
internal sealed record SignInLockOwner(
    [property: JsonPropertyName("pid")] int ProcessId,
    [property: JsonPropertyName("start_time")] long StartTime,
    [property: JsonPropertyName("nonce"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Nonce = null);
