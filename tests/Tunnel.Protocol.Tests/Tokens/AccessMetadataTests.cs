using System.Text.Json.Nodes;
using Tunnel.Protocol.Tokens;

namespace Tunnel.Protocol.Tests.Tokens;

public sealed class AccessMetadataTests(TokenForge forge) : IClassFixture<TokenForge>
{
    private const string Hostname = "ssh.example.com";

    private static JsonObject Claims => new()
    {
        ["type"] = "match", ["aud"] = TokenForge.Audience, ["auth_domain"] = "team.cloudflareaccess.com", ["hostname"] = Hostname,
        ["app_hostname"] = Hostname, ["iat"] = TokenForge.Now.ToUnixTimeSeconds(),
    };

    [Theory]
    [InlineData(Hostname)]
    [InlineData("SSH.example.com")]
    [InlineData("*.example.com")]
    [InlineData("*.example.com/path")]
    [InlineData("ssh.example.com/a/b")]
    [InlineData("ss*.example.com")]
    public async Task It_names_the_application_at_the_host(string application) =>
        Assert.Equal(application.ToLowerInvariant(), (await VerifyAsync(TokenForge.With(Claims, "app_hostname", application))).ApplicationHostname);

    [Theory]
    [InlineData("ssh.victim.com")]
    [InlineData("*.victim.com")]
    [InlineData("example.com")]
    [InlineData("/ssh.example.com")]
    [InlineData("**.example.com")]
    [InlineData("ssh.exam*ample.com")]
    public async Task A_host_cannot_name_the_application_of_another_whose_token_it_would_be_shown(string application)
    {
        var error = await Assert.ThrowsAsync<AccessTokenException>(() => VerifyAsync(TokenForge.With(Claims, "app_hostname", application)));

        Assert.Equal(AccessTokenRefusal.WrongAudience, error.Refusal);
    }

    [Theory]
    [InlineData("type", "app")]
    [InlineData("aud", "../x")]
    [InlineData("aud", "org")]
    [InlineData("aud", "Org")]
    [InlineData("hostname", "ssh.victim.com")]
    [InlineData("auth_domain", "team.com:443")]
    public async Task What_is_no_answer_about_the_host_is_not_believed(string claim, string value) =>
        await Assert.ThrowsAsync<AccessTokenException>(() => VerifyAsync(TokenForge.With(Claims, claim, value)));

    [Fact]
    public async Task It_needs_the_teams_signature()
    {
        var token = forge.Sign(Claims);
        var unsigned = TokenForge.Sign(Claims.ToJsonString(), TokenForge.With(TokenForge.Header, "alg", "none").ToJsonString(), _ => []);

        await Assert.ThrowsAsync<AccessTokenException>(() => VerifyAsync(unsigned));
        await Assert.ThrowsAsync<AccessTokenException>(() => VerifyAsync(token[..^8] + "AAAAAAAA"));
    }

    [Theory]
    [InlineData(-25 * 60)]
    [InlineData(6)]
    public async Task It_is_of_the_last_day(int minutes) => await Assert.ThrowsAsync<AccessTokenException>(
        () => VerifyAsync(TokenForge.With(Claims, "iat", TokenForge.Now.AddMinutes(minutes).ToUnixTimeSeconds())));

    private Task<AccessMetadata> VerifyAsync(JsonObject claims) => VerifyAsync(forge.Sign(claims));

    private Task<AccessMetadata> VerifyAsync(string token) => AccessMetadata.VerifyAsync(token, Hostname, forge.Keys, TokenForge.Now);
}
