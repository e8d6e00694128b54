using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Tunnel.Access;

namespace Tunnel.Edge.Identity.SignIn;

/// <summary>Signs what a sign-in is for, and believes it only when it comes back unchanged and soon enough.</summary>
/// <param name="key">A secret of the edge's, the same after a restart.</param>
/// <param name="time">What says how old a state is.</param>
internal sealed class SignInStates(byte[] key, TimeProvider time)
{
    /// <summary>A person may leave the sign-in page open for a while.</summary>
    private static readonly TimeSpan s_lifetime = TimeSpan.FromHours(1);

    private const int MaxLength = 6 * 1024;

    public string Write(SignInState state)
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WriteNumber("exp", (time.GetUtcNow() + s_lifetime).ToUnixTimeSeconds());
            writer.WriteString("host", state.Hostname);
            writer.WriteNumber("port", state.Port ?? 443);
            writer.WriteString("aud", state.Audience);
            writer.WriteString("path", state.Path);
            writer.WriteString("binding", state.Binding);
            if (state.Certificate is { } certificate)
            {
                writer.WriteBoolean("certificate", certificate.IsPresent);
                writer.WriteString("common_name", certificate.CommonName);
            }

            if (state.Approval is { } policy)
            {
                writer.WriteString("approval", policy);
            }

            writer.WriteEndObject();
        }

        var body = Base64Url.EncodeToString(json.ToArray());
        return body + "." + SignatureOf(body);
    }

    /// <summary>Null when it is not one that this edge wrote, or is too old.</summary>
    public SignInState? Read(string? text)
    {
        if (text is null || text.Length > MaxLength || text.Split('.') is not [var body, var signature]
            || !CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(SignatureOf(body)), Encoding.UTF8.GetBytes(signature)))
        {
            return null;
        }

        using var json = JsonDocument.Parse(Base64Url.DecodeFromChars(body));
        var root = json.RootElement;
        var port = root.GetProperty("port").GetInt32();
        return root.GetProperty("exp").GetInt64() <= time.GetUtcNow().ToUnixTimeSeconds() ? null : new SignInState(
            root.GetProperty("host").GetString()!, port == 443 ? null : port, root.GetProperty("aud").GetString()!,
            root.GetProperty("path").GetString()!, root.GetProperty("binding").GetString()!)
        {
            Certificate = !root.TryGetProperty("certificate", out var isPresent) ? null
                : isPresent.GetBoolean() ? new VisitorCertificate(root.GetProperty("common_name").GetString())
                : VisitorCertificate.None,
            Approval = root.TryGetProperty("approval", out var policy) ? policy.GetString() : null,
        };
    }

    /// <summary>What a state holds of the browser's cookie: enough to know it again, and no way to make it.</summary>
    public string BindingOf(string cookie) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes("cookie " + cookie)));

    private string SignatureOf(string body) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes("state " + body)));
}
