using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Tunnel.Protocol.Tokens;

namespace Tunnel.Protocol.Tests.Tokens;

public sealed class AccessTokenKeysTests(TokenForge forge) : IClassFixture<TokenForge>
{
    private readonly TokenForge _forge = forge;

    [Fact]
    public async Task Keys_that_are_written_are_read_back_and_verify()
    {
        var keys = AccessTokenKeys.Parse(_forge.Keys.ToJson());
        var validator = new AccessTokenValidator(new AccessTokenValidatorOptions
        {
            Issuer = TokenForge.Issuer,
            Audiences = [TokenForge.Audience],
            Keys = keys,
        });

        var claims = TokenForge.With(TokenForge.Claims, "exp", DateTimeOffset.UtcNow.AddMinutes(1).ToUnixTimeSeconds());
        claims = TokenForge.With(TokenForge.With(claims, "iat", 1), "nbf", 1);

        Assert.Equal(["key-1"], keys.Ids);
        Assert.NotNull(await validator.ValidateAsync(_forge.Sign(claims)));
    }

    [Fact]
    public void The_private_part_is_never_written()
    {
        var keys = new AccessTokenKeys([new("key-1", _forge.Key.ExportParameters(true))]);

        var names = JsonNode.Parse(keys.ToJson())!["keys"]![0]!.AsObject().Select(m => m.Key);

        Assert.Equal(["kid", "kty", "alg", "use", "e", "n"], names);
    }

    [Theory]
    [InlineData("kty", "\"oct\"")]
    [InlineData("kty", "\"EC\"")]
    [InlineData("alg", "\"HS256\"")]
    [InlineData("alg", "\"RS512\"")]
    [InlineData("use", "\"enc\"")]
    [InlineData("kid", "\"\"")]
    [InlineData("kid", "7")]
    [InlineData("n", "\"AQAB\"")]
    [InlineData("n", "\"!\"")]
    [InlineData("e", "\"AQ\"")]
    [InlineData("e", "\"\"")]
    public void Keys_for_anything_else_are_skipped(string name, string value)
    {
        var set = JsonNode.Parse(_forge.Keys.ToJson())!;
        set["keys"]![0]![name] = JsonNode.Parse(value);

        Assert.Empty(AccessTokenKeys.Parse(Encoding.UTF8.GetBytes(set.ToJsonString())).Ids);
    }

    [Fact]
    public void A_short_key_is_not_taken()
    {
        using var weak = RSA.Create(1024);

        Assert.Throws<ArgumentException>(() => new AccessTokenKeys([new("weak", weak.ExportParameters(false))]));
    }

    [Fact]
    public void An_id_must_not_stand_twice()
    {
        var set = JsonNode.Parse(_forge.Keys.ToJson())!;
        set["keys"]!.AsArray().Add(set["keys"]![0]!.DeepClone());

        Assert.Throws<FormatException>(() => AccessTokenKeys.Parse(Encoding.UTF8.GetBytes(set.ToJsonString())));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"keys":{}}""")]
    [InlineData("{} {}")]
    public void What_is_no_key_set_is_refused(string json) =>
        Assert.Throws<FormatException>(() => AccessTokenKeys.Parse(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Mutated_key_sets_give_keys_or_the_format_exception() =>
        MutatedText.Of("{}[]\":,\\ud8AZ-_", Encoding.UTF8.GetString(_forge.Keys.ToJson())).Sample(
            text =>
            {
                try
                {
                    return AccessTokenKeys.Parse(Encoding.UTF8.GetBytes(text)).Ids.Count <= 2;
                }
                catch (FormatException)
                {
                    return true;
                }
            },
            iter: 5_000);
}
