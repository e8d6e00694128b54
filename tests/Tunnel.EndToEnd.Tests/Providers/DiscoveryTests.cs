using System.Text.Json;
using Tunnel.Access;
using Tunnel.Core.Api;
using Tunnel.Core.Identity;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests;

/// <summary>People sign in by a real provider of which only the issuer was told.</summary>
public sealed class DiscoveryTests : IAsyncLifetime
{
    private OidcServer _provider = null!;
    private ProviderVisit _visit = null!;

    public async ValueTask InitializeAsync()
    {
        _provider = await OidcServer.StartAsync();
        _visit = await ProviderVisit.StartAsync(_provider.Certificate);
        await _visit.ProtectAsync(new EmailDomainRule("example.com"));
    }

    public async ValueTask DisposeAsync()
    {
        await _visit.DisposeAsync();
        await _provider.DisposeAsync();
    }

    [Fact]
    public async Task The_issuer_is_enough_to_sign_people_in()
    {
        var provider = await AddAsync();

        Assert.Equal(_provider.Address + "/", provider.Config.Other!["issuer"].GetString());
        Assert.Equal(200, await _visit.SignInAsync());
    }

    [Theory]
    [InlineData("https://another.example")]
    [InlineData(null)]
    public async Task A_token_of_another_issuer_signs_nobody_in(string? issuer)
    {
        await AddAsync();
        _provider.Change = claims =>
        {
            claims.Remove("iss");
            if (issuer is not null)
            {
                claims["iss"] = issuer;
            }
        };

        Assert.Equal(403, await _visit.SignInAsync());
    }

    [Fact]
    public async Task Whose_token_has_no_address_is_asked_for()
    {
        await AddAsync();
        _provider.Change = claims => claims.Remove("email");

        Assert.Equal(200, await _visit.SignInAsync());
        Assert.Equal(1, _provider.UserInfoRequests);
        Assert.Equal("alice@example.com", (await _visit.Lab.Api.Users.ListAsync(_visit.Lab.Edge.AccountId).SingleAsync()).Email);
    }

    [Fact]
    public async Task Whose_token_has_an_address_is_not_asked_for()
    {
        await AddAsync();

        Assert.Equal(200, await _visit.SignInAsync());
        Assert.Equal(0, _provider.UserInfoRequests);
    }

    [Theory]
    [InlineData("""{"email":"alice@example.com"}""")]
    [InlineData("""{"sub":"root@example.com","email":"root@example.com"}""")]
    [InlineData("""{"sub":["alice@example.com"],"email":"alice@example.com"}""")]
    [InlineData("""{"sub":"alice@example.com"}""")]
    [InlineData("""{"sub":"alice@example.com","email":"alice@example.com","email_verified":false}""")]
    [InlineData("""{"sub":"alice@example.com","email":["alice@example.com"]}""")]
    [InlineData("[]")]
    [InlineData("no JSON")]
    public async Task An_answer_for_somebody_else_or_without_an_address_signs_nobody_in(string answer)
    {
        await using var told = new AnswerServer();
        told.Answers["/userinfo"] = (200, answer);
        await AddAsync(told.Address + "/userinfo");
        _provider.Change = claims => claims.Remove("email");

        Assert.Equal(403, await _visit.SignInAsync());
        Assert.Single(told.Requests);
        Assert.Empty(await _visit.Lab.Api.Users.ListAsync(_visit.Lab.Edge.AccountId).ToListAsync());
    }

    [Fact]
    public async Task What_the_token_says_is_not_changed_by_the_answer()
    {
        await using var told = new AnswerServer();
        told.Answers["/userinfo"] = (200, """{"sub":"alice@example.com","email":"alice@example.com","email_verified":true}""");
        await AddAsync(told.Address + "/userinfo");
        _provider.Change = claims =>
        {
            claims.Remove("email");
            claims["email_verified"] = false;
        };

        Assert.Equal(403, await _visit.SignInAsync());
    }

    private async Task<IdentityProvider> AddAsync(string? userInfo = null)
    {
        using var discovery = new OpenIdDiscovery([_provider.Certificate], TimeSpan.FromMinutes(1));
        var config = await discovery.FillAsync("oidc", _provider.Address, new IdentityProviderConfig
        {
            ClientId = OidcServer.ClientId, ClientSecret = OidcServer.ClientSecret,
        }, TestContext.Current.CancellationToken);
        if (userInfo is not null)
        {
            config.Other!["userinfo_url"] = JsonElement.Parse($"\"{userInfo}\"");
        }

        var (provider, isNew) = await new IdentityProviderCatalog(_visit.Lab.Api, _visit.Lab.Edge.AccountId).EnsureAsync(
            new IdentityProvider { Name = "Example", Type = "oidc", Config = config }, TestContext.Current.CancellationToken);
        Assert.True(isNew);
        return provider;
    }
}
