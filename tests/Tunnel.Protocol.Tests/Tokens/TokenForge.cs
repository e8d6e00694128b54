using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Tunnel.Protocol.Tokens;

namespace Tunnel.Protocol.Tests.Tokens;

/// <summary>Makes tokens, good and bad, with nothing but the framework's RSA and HMAC.</summary>
public sealed class TokenForge : IDisposable
{
    internal const string Issuer = "https://team.cloudflareaccess.test";
    internal const string Audience = "737646a56ab1df6ec9bddc7e5ca84eaf3b0768850f3ffb5d74f1534911fe3893";

    internal static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private readonly RSA _key = RSA.Create(2048);

    internal AccessTokenKeys Keys => new([new("key-1", _key.ExportParameters(false))]);

    internal RSA Key => _key;

    internal static JsonObject Header => new() { ["alg"] = "RS256", ["kid"] = "key-1", ["typ"] = "JWT" };

    internal static JsonObject Claims => new()
    {
        ["aud"] = new JsonArray(Audience),
        ["email"] = "alice@example.com",
        ["exp"] = Now.AddHours(1).ToUnixTimeSeconds(),
        ["iat"] = Now.AddHours(-1).ToUnixTimeSeconds(),
        ["nbf"] = Now.AddHours(-1).ToUnixTimeSeconds(),
        ["iss"] = Issuer,
        ["type"] = "app",
        ["identity_nonce"] = "6ei69kawdKzMIAPF",
        ["sub"] = "7335d417-61da-459d-899c-0a01c76a2f94",
        ["country"] = "NZ",
    };

    internal static JsonObject With(JsonObject json, string name, JsonNode? value)
    {
        json[name] = value;
        return json;
    }

    internal static JsonObject Without(JsonObject json, string name)
    {
        json.Remove(name);
        return json;
    }

    internal string Sign(JsonNode? claims = null, JsonNode? header = null) =>
        Sign((claims ?? Claims).ToJsonString(), (header ?? Header).ToJsonString());

    internal string Sign(string claims, string header) =>
        Sign(claims, header, bytes => _key.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

    internal static string Sign(string claims, string header, Func<byte[], byte[]> sign)
    {
        var signed = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}";
        return $"{signed}.{Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    internal AccessTokenValidator Validator(TimeSpan? skew = null, DateTimeOffset? now = null) => new(new AccessTokenValidatorOptions
    {
        Issuer = Issuer,
        Audiences = [Audience],
        Keys = Keys,
        ClockSkew = skew ?? TimeSpan.Zero,
        TimeProvider = new StoppedClock(now ?? Now),
    });

    public void Dispose() => _key.Dispose();

    private sealed class StoppedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
