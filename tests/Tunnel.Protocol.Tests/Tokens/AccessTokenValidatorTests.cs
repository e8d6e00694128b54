using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Tunnel.Protocol.Tokens;

namespace Tunnel.Protocol.Tests.Tokens;

public sealed class AccessTokenValidatorTests(TokenForge forge) : IClassFixture<TokenForge>
{
    private readonly TokenForge _forge = forge;

    [Fact]
    public async Task A_good_token_gives_its_claims()
    {
        var claims = await _forge.Validator().ValidateAsync(_forge.Sign());

        Assert.Equal("alice@example.com", claims.Email);
        Assert.Equal([TokenForge.Audience], claims.Audiences);
        Assert.Equal(TokenForge.Issuer, claims.Issuer);
        Assert.Equal("7335d417-61da-459d-899c-0a01c76a2f94", claims.Subject);
        Assert.Equal(TokenForge.Now.AddHours(1), claims.ExpiresAt);
        Assert.Equal(TokenForge.Now.AddHours(-1), claims.IssuedAt);
        Assert.Equal("app", claims.Type);
        Assert.Equal("6ei69kawdKzMIAPF", claims.IdentityNonce);
    }

    [Fact]
    public async Task A_service_tokens_token_has_a_common_name_and_no_email()
    {
        var json = TokenForge.With(TokenForge.With(TokenForge.Without(TokenForge.Claims, "email"), "sub", ""), "common_name", "id.access");

        var claims = await _forge.Validator().ValidateAsync(_forge.Sign(json));

        Assert.Null(claims.Email);
        Assert.Equal("id.access", claims.CommonName);
    }

    [Fact]
    public async Task An_audience_may_be_a_single_text_or_one_of_several()
    {
        var several = new JsonArray("other", TokenForge.Audience);

        Assert.NotNull(await _forge.Validator().ValidateAsync(_forge.Sign(TokenForge.With(TokenForge.Claims, "aud", TokenForge.Audience))));
        Assert.NotNull(await _forge.Validator().ValidateAsync(_forge.Sign(TokenForge.With(TokenForge.Claims, "aud", several))));
    }

    [Fact]
    public async Task No_algorithm_but_RS256_is_taken()
    {
        var modulus = _forge.Key.ExportParameters(false).Modulus!;
        var pem = Encoding.ASCII.GetBytes(_forge.Key.ExportSubjectPublicKeyInfoPem());
        var claims = TokenForge.Claims.ToJsonString();
        string Header(string algorithm) => TokenForge.With(TokenForge.Header, "alg", algorithm).ToJsonString();

        string[] tokens =
        [
            TokenForge.Sign(claims, Header("none"), _ => []),
            TokenForge.Sign(claims, Header("None"), _ => []),
            TokenForge.Sign(claims, Header("HS256"), bytes => HMACSHA256.HashData(modulus, bytes)),
            TokenForge.Sign(claims, Header("HS256"), bytes => HMACSHA256.HashData(pem, bytes)),
            TokenForge.Sign(claims, Header("PS256"), bytes => _forge.Key.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pss)),
            TokenForge.Sign(claims, Header("RS512"), bytes => _forge.Key.SignData(bytes, HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1)),
            TokenForge.Sign(claims, Header("rs256"), bytes => _forge.Key.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)),
            TokenForge.Sign(claims, TokenForge.Without(TokenForge.Header, "alg").ToJsonString(), _ => []),
        ];

        foreach (var token in tokens)
        {
            Assert.Equal(AccessTokenRefusal.AlgorithmNotAllowed, await Refusal(token));
        }
    }

    [Fact]
    public async Task A_header_that_says_RS256_over_another_signature_does_not_help()
    {
        var modulus = _forge.Key.ExportParameters(false).Modulus!;
        var (claims, header) = (TokenForge.Claims.ToJsonString(), TokenForge.Header.ToJsonString());

        Assert.Equal(AccessTokenRefusal.BadSignature, await Refusal(TokenForge.Sign(claims, header, b => HMACSHA256.HashData(modulus, b))));
        Assert.NotNull(await Refusal(TokenForge.Sign(claims, header, _ => [])));
    }

    [Fact]
    public async Task The_key_id_must_be_known_and_the_key_be_that_one()
    {
        using var other = new TokenForge();

        Assert.Equal(AccessTokenRefusal.UnknownKey, await Refusal(_forge.Sign(null, TokenForge.With(TokenForge.Header, "kid", "key-2"))));
        Assert.Equal(AccessTokenRefusal.UnknownKey, await Refusal(_forge.Sign(null, TokenForge.With(TokenForge.Header, "kid", ""))));
        Assert.Equal(AccessTokenRefusal.UnknownKey, await Refusal(_forge.Sign(null, TokenForge.Without(TokenForge.Header, "kid"))));
        Assert.Equal(AccessTokenRefusal.BadSignature, await Refusal(other.Sign()));
    }

    [Fact]
    public async Task A_key_that_the_token_brings_along_is_not_believed()
    {
        using var other = new TokenForge();
        var jwk = JsonNode.Parse(other.Keys.ToJson())!["keys"]![0]!.DeepClone();

        Assert.Equal(AccessTokenRefusal.BadSignature, await Refusal(other.Sign(null, TokenForge.With(TokenForge.Header, "jwk", jwk))));
    }

    [Theory]
    [InlineData("iss", "\"https://team.cloudflareaccess.test/\"", AccessTokenRefusal.WrongIssuer)]
    [InlineData("iss", "\"https://TEAM.cloudflareaccess.test\"", AccessTokenRefusal.WrongIssuer)]
    [InlineData("iss", "null", AccessTokenRefusal.MissingClaim)]
    [InlineData("iss", "7", AccessTokenRefusal.Malformed)]
    [InlineData("aud", "[\"other\"]", AccessTokenRefusal.WrongAudience)]
    [InlineData("aud", "[]", AccessTokenRefusal.WrongAudience)]
    [InlineData("aud", "[7]", AccessTokenRefusal.Malformed)]
    [InlineData("aud", "\"737646A56AB1DF6EC9BDDC7E5CA84EAF3B0768850F3FFB5D74F1534911FE3893\"", AccessTokenRefusal.WrongAudience)]
    [InlineData("exp", "\"tomorrow\"", AccessTokenRefusal.Malformed)]
    [InlineData("exp", "-1", AccessTokenRefusal.MissingClaim)]
    [InlineData("exp", "1e300", AccessTokenRefusal.Malformed)]
    [InlineData("exp", "1", AccessTokenRefusal.Expired)]
    [InlineData("email", "[\"alice@example.com\"]", AccessTokenRefusal.MissingClaim)]
    public async Task A_claim_that_does_not_fit_is_refused(string name, string value, AccessTokenRefusal refusal) =>
        Assert.Equal(refusal, await Refusal(_forge.Sign(TokenForge.With(TokenForge.Claims, name, JsonNode.Parse(value)))));

    [Theory]
    [InlineData("iss")]
    [InlineData("aud")]
    [InlineData("exp")]
    [InlineData("iat")]
    public async Task A_claim_that_every_token_has_must_be_there(string name) =>
        Assert.Equal(AccessTokenRefusal.MissingClaim, await Refusal(_forge.Sign(TokenForge.Without(TokenForge.Claims, name))));

    [Theory]
    [InlineData(3599, 0, null)]
    [InlineData(3600, 0, AccessTokenRefusal.Expired)]
    [InlineData(3659, 60, null)]
    [InlineData(3660, 60, AccessTokenRefusal.Expired)]
    [InlineData(-3600, 0, null)]
    [InlineData(-3601, 0, AccessTokenRefusal.NotYetValid)]
    [InlineData(-3660, 60, null)]
    [InlineData(-3661, 60, AccessTokenRefusal.NotYetValid)]
    public async Task The_clock_decides_to_the_second(int seconds, int skew, AccessTokenRefusal? refusal)
    {
        var validator = _forge.Validator(TimeSpan.FromSeconds(skew), TokenForge.Now.AddSeconds(seconds));

        Assert.Equal(refusal, await Refusal(_forge.Sign(), validator));
    }

    [Fact]
    public async Task A_token_issued_later_than_now_is_refused_whatever_nbf_says()
    {
        var claims = TokenForge.With(TokenForge.Claims, "iat", TokenForge.Now.AddSeconds(1).ToUnixTimeSeconds());

        Assert.Equal(AccessTokenRefusal.NotYetValid, await Refusal(_forge.Sign(claims)));
    }

    [Theory]
    [InlineData(null, AccessTokenRefusal.Missing)]
    [InlineData("", AccessTokenRefusal.Missing)]
    [InlineData("a.b", AccessTokenRefusal.Malformed)]
    [InlineData("..", AccessTokenRefusal.Malformed)]
    [InlineData("a.b.c.d.e", AccessTokenRefusal.Malformed)]
    [InlineData("e30.e30.e30", AccessTokenRefusal.AlgorithmNotAllowed)]
    [InlineData("e30.e3 0.e30", AccessTokenRefusal.Malformed)]
    public async Task What_is_no_signed_token_is_refused(string? token, AccessTokenRefusal refusal) =>
        Assert.Equal(refusal, await Refusal(token));

    [Fact]
    public async Task An_oversized_token_is_refused_before_it_is_looked_at() =>
        Assert.Equal(AccessTokenRefusal.TooLong, await Refusal(new string('a', AccessTokenValidator.MaxLength + 1)));

    [Fact]
    public async Task Extensions_that_are_not_known_are_refused() =>
        Assert.Equal(AccessTokenRefusal.Malformed, await Refusal(_forge.Sign(null, TokenForge.With(TokenForge.Header, "crit", new JsonArray("exp")))));

    [Fact]
    public async Task Signed_claims_that_are_no_JSON_object_are_refused()
    {
        Assert.NotNull(await Refusal(_forge.Sign("[]", TokenForge.Header.ToJsonString())));
        Assert.NotNull(await Refusal(_forge.Sign("no JSON", TokenForge.Header.ToJsonString())));
        Assert.NotNull(await Refusal(_forge.Sign("""{"iss":"\ud800"}""", TokenForge.Header.ToJsonString())));
    }

    [Fact]
    public async Task A_changed_character_anywhere_makes_a_token_worthless()
    {
        var token = _forge.Sign();
        var validator = _forge.Validator();
        // The last character of a base64url part may hold bits that mean nothing.
        var places = Enumerable.Range(0, token.Length - 1).Where(i => token[i] != '.' && token[i + 1] != '.');
        foreach (var place in places.Where(i => i % 7 == 0))
        {
            var changed = token.ToCharArray();
            changed[place] = changed[place] == 'A' ? 'B' : 'A';
            Assert.NotNull(await Refusal(new string(changed), validator));
        }
    }

    [Fact]
    public async Task Mutated_tokens_give_the_token_exception()
    {
        var token = _forge.Sign();
        var validator = _forge.Validator();
        await MutatedText.Of("AZaz09-_.= \n", token).SampleAsync(
            async text => text.TrimEnd('=') == token || await Refusal(text, validator) is not null || text[..^1] == token[..^1],
            iter: 2_000);
    }

    [Fact]
    public void A_validator_wants_an_issuer_an_audience_and_a_small_skew()
    {
        var good = new AccessTokenValidatorOptions { Issuer = "i", Audiences = ["a"], Keys = _forge.Keys };

        Assert.NotNull(new AccessTokenValidator(good));
        Assert.Throws<ArgumentException>(() => new AccessTokenValidator(good with { Issuer = "" }));
        Assert.Throws<ArgumentException>(() => new AccessTokenValidator(good with { Audiences = [] }));
        Assert.Throws<ArgumentException>(() => new AccessTokenValidator(good with { Audiences = [""] }));
        Assert.Throws<ArgumentException>(() => new AccessTokenValidator(good with { ClockSkew = TimeSpan.FromSeconds(61) }));
        Assert.Throws<ArgumentException>(() => new AccessTokenValidator(good with { ClockSkew = TimeSpan.FromSeconds(-1) }));
    }

    private async Task<AccessTokenRefusal?> Refusal(string? token, AccessTokenValidator? validator = null)
    {
        try
        {
            await (validator ?? _forge.Validator()).ValidateAsync(token);
            return null;
        }
        catch (AccessTokenException e)
        {
            Assert.True(string.IsNullOrEmpty(token) || token.Length < 20 || !e.ToString().Contains(token, StringComparison.Ordinal));
            return e.Refusal;
        }
    }
}
