using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Tunnel.Access;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests;

/// <summary>Which ID tokens the edge believes, and what it does when the provider is not as it was.</summary>
public sealed class IdTokenTests : IAsyncLifetime
{
    private readonly ShiftedTime _time = new();
    private OidcServer _provider = null!;
    private ProviderVisit _visit = null!;

    public async ValueTask InitializeAsync()
    {
        _provider = await OidcServer.StartAsync("/oauth2/default", "v1/authorize", "v1/token", "v1/keys");
        _visit = await ProviderVisit.StartAsync(_provider.Certificate, _time);
        // Of a kind whose issuer is known.
        await _visit.AddProviderAsync("okta", new
        {
            client_id = OidcServer.ClientId, client_secret = OidcServer.ClientSecret, okta_account = _provider.Address,
            authorization_server_id = "default",
        });
        await _visit.ProtectAsync(new EveryoneRule());
    }

    public async ValueTask DisposeAsync()
    {
        await _visit.DisposeAsync();
        await _provider.DisposeAsync();
    }

    [Fact]
    public async Task One_that_was_changed_by_nobody_signs_in()
    {
        _provider.Change = _ => { };

        Assert.Equal(200, await _visit.SignInAsync());
    }

    [Theory]
    [InlineData("nonce", "another")]
    [InlineData("nonce", null)]
    [InlineData("aud", "another")]
    [InlineData("aud", null)]
    [InlineData("iss", "https://another.example")]
    [InlineData("iss", null)]
    [InlineData("exp", null)]
    [InlineData("email", null)]
    [InlineData("email", "two@at@signs")]
    public async Task One_with_a_claim_that_is_wrong_or_missing_signs_nobody_in(string claim, string? value)
    {
        _provider.Change = claims =>
        {
            claims.Remove(claim);
            if (value is not null)
            {
                claims[claim] = value;
            }
        };

        Assert.Equal(403, await _visit.SignInAsync());
        Assert.Empty(await _visit.Lab.Api.Users.ListAsync(_visit.Lab.Edge.AccountId).ToListAsync());
    }

    [Theory]
    [InlineData("exp", -30, 200)]
    [InlineData("exp", -120, 403)]
    [InlineData("nbf", 30, 200)]
    [InlineData("nbf", 120, 403)]
    public async Task Clocks_may_differ_by_a_minute(string claim, int seconds, int status)
    {
        _provider.Change = claims => claims[claim] = DateTimeOffset.UtcNow.AddSeconds(seconds).ToUnixTimeSeconds();

        Assert.Equal(status, await _visit.SignInAsync());
    }

    [Fact]
    public async Task One_without_a_signature_signs_nobody_in()
    {
        _provider.Rewrite = token =>
        {
            var header = new JsonObject { ["alg"] = "none", ["typ"] = "JWT" };
            return $"{Base64UrlEncoder.Encode(header.ToJsonString())}.{token.Split('.')[1]}.";
        };

        Assert.Equal(403, await _visit.SignInAsync());
    }

    [Fact]
    public async Task One_signed_with_the_client_secret_signs_nobody_in()
    {
        _provider.Rewrite = token => new JsonWebTokenHandler().CreateToken(
            Base64UrlEncoder.Decode(token.Split('.')[1]),
            new SigningCredentials(new SymmetricSecurityKey(System.Text.Encoding.UTF8.GetBytes(OidcServer.ClientSecret.PadRight(64))), SecurityAlgorithms.HmacSha256));

        Assert.Equal(403, await _visit.SignInAsync());
    }

    [Fact]
    public async Task One_that_was_changed_after_it_was_signed_signs_nobody_in()
    {
        _provider.Rewrite = token =>
        {
            var parts = token.Split('.');
            var claims = JsonNode.Parse(Base64UrlEncoder.Decode(parts[1]))!.AsObject();
            claims["email"] = "root@example.com";
            return $"{parts[0]}.{Base64UrlEncoder.Encode(claims.ToJsonString())}.{parts[2]}";
        };

        Assert.Equal(403, await _visit.SignInAsync());
    }

    [Fact]
    public async Task The_token_of_another_sign_in_signs_nobody_in()
    {
        string? first = null;
        _provider.Rewrite = token => first ??= token;

        Assert.Equal(200, await _visit.SignInAsync());
        Assert.Equal(403, await _visit.SignInAsync());
    }

    [Fact]
    public async Task A_key_that_the_provider_takes_into_use_is_fetched_and_the_old_one_is_forgotten()
    {
        Assert.Equal(200, await _visit.SignInAsync());
        string? old = null;
        _provider.Rewrite = token => old = token;
        Assert.Equal(200, await _visit.SignInAsync());

        _provider.RotateKey();
        _time.Offset = TimeSpan.FromSeconds(15);
        _provider.Rewrite = null;
        Assert.Equal(200, await _visit.SignInAsync());

        _provider.Rewrite = _ => old!;
        Assert.Equal(403, await _visit.SignInAsync());
    }

    [Fact]
    public async Task A_provider_that_is_gone_signs_nobody_in_and_the_page_says_so()
    {
        using var browser = new PersonBrowser(_visit.Lab);
        var answer = await _visit.AnswerAsync(await ProviderVisit.GoToProviderAsync(browser));
        await _provider.DisposeAsync();

        var page = await browser.GetAsync(answer.ToString());

        Assert.Equal(403, page.Status);
        Assert.Contains("did not sign you in", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_state_is_taken_once_in_the_browser_that_asked_and_not_for_long()
    {
        using var browser = new PersonBrowser(_visit.Lab);
        using var victim = new PersonBrowser(_visit.Lab);
        var answer = await _visit.AnswerAsync(await ProviderVisit.GoToProviderAsync(browser));

        Assert.Equal(400, (await victim.GetAsync(answer.ToString())).Status); // login CSRF
        Assert.Equal(200, (await browser.GetAsync(answer.ToString())).Status);
        Assert.Equal(400, (await browser.GetAsync(answer.ToString())).Status);

        using var slow = new PersonBrowser(_visit.Lab);
        var late = await _visit.AnswerAsync(await ProviderVisit.GoToProviderAsync(slow));
        _time.Offset = TimeSpan.FromMinutes(11);
        Assert.Equal(400, (await slow.GetAsync(late.ToString())).Status);
    }
}
