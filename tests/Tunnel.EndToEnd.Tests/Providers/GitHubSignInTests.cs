using Tunnel.Access;

namespace Tunnel.EndToEnd.Tests;

/// <summary>People sign in by GitHub, and are let in by their organisations and teams.</summary>
public sealed class GitHubSignInTests : IAsyncLifetime
{
    private GitHubServer _gitHub = null!;
    private ProviderVisit _visit = null!;

    public async ValueTask InitializeAsync()
    {
        _gitHub = await GitHubServer.StartAsync();
        var address = _gitHub.Address.AbsoluteUri;
        _visit = await ProviderVisit.StartAsync(_gitHub.Certificate, null, ("github.com", address), ("api.github.com", address));
    }

    public async ValueTask DisposeAsync()
    {
        await _visit.DisposeAsync();
        await _gitHub.DisposeAsync();
    }

    [Theory]
    [InlineData("example", null, 200)]
    [InlineData("EXAMPLE", "site operators", 200)] // names there have no case
    [InlineData("example", "site-operators", 403)] // the slug of another team could be that name
    [InlineData("example", "owners", 403)]
    [InlineData("elsewhere", null, 403)]
    [InlineData("elsewhere", "Site operators", 403)]
    public async Task Members_of_an_organisation_or_team_get_in(string organization, string? team, int status)
    {
        var id = await AddAsync();
        await _visit.ProtectAsync(new GitHubOrganizationRule(organization, id, team));

        Assert.Equal(status, await _visit.SignInAsync());
    }

    [Fact]
    public async Task The_primary_verified_address_is_the_persons()
    {
        await AddAsync();
        await _visit.ProtectAsync(new EmailRule("alice@example.com"));

        Assert.Equal(200, await _visit.SignInAsync());
        Assert.Equal("alice@example.com", (await _visit.Lab.Api.Users.ListAsync(_visit.Lab.Edge.AccountId).SingleAsync()).Email);
    }

    [Theory]
    [InlineData("""[{"email":"alice@example.com","primary":true,"verified":false}]""")]
    [InlineData("""[{"email":"alice@example.com","primary":false,"verified":true}]""")]
    [InlineData("""[{"email":"alice","primary":true,"verified":true}]""")]
    [InlineData("""[{"primary":true,"verified":true},"alice@example.com",null]""")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("no JSON")]
    public async Task Without_such_an_address_nobody_signs_in_whatever_the_profile_says(string emails)
    {
        await AddAsync();
        await _visit.ProtectAsync(new EmailDomainRule("example.com"));
        _gitHub.Emails = emails;

        Assert.Equal(403, await _visit.SignInAsync());
    }

    [Fact]
    public async Task A_wrong_client_secret_signs_nobody_in()
    {
        await AddAsync("not the secret");
        await _visit.ProtectAsync(new EveryoneRule());

        Assert.Equal(403, await _visit.SignInAsync());
    }

    private Task<string> AddAsync(string secret = GitHubServer.ClientSecret) =>
        _visit.AddProviderAsync("github", new { client_id = GitHubServer.ClientId, client_secret = secret });
}
