using Microsoft.AspNetCore.WebUtilities;
using Tunnel.Access;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests.Adversary;

/// <summary>
/// Answers of identity providers that belong to another browser, another sign-in or another provider (RFC 9700, sections
/// 4.4, 4.5 and 4.7): nobody is signed in, and the service sees nothing.
/// </summary>
public sealed class ProviderMixUpTests : IAsyncLifetime
{
    private readonly OriginListener _origin = new();
    private OidcServer _honest = null!;
    private OidcServer _attackers = null!;
    private ProviderVisit _visit = null!;
    private string _honestId = null!;
    private string _attackersId = null!;

    public async ValueTask InitializeAsync()
    {
        _honest = await OidcServer.StartAsync();
        _attackers = await OidcServer.StartAsync(certificate: _honest.Certificate);
        _visit = await ProviderVisit.StartAsync(_honest.Certificate);
        _honestId = await AddAsync(_honest);
        _attackersId = await AddAsync(_attackers);
        await _visit.ProtectAsync(new EmailDomainRule("example.com"));
        await _visit.Lab.PublishAsync(ProviderVisit.Hostname, _origin.Url, connections: 1);
    }

    public async ValueTask DisposeAsync()
    {
        await _visit.DisposeAsync();
        await _attackers.DisposeAsync();
        await _honest.DisposeAsync();
        await _origin.DisposeAsync();
    }

    [Fact]
    public async Task Each_provider_signs_its_own_people_in()
    {
        foreach (var provider in (string[])[_honestId, _attackersId])
        {
            using var browser = new PersonBrowser(_visit.Lab);
            Assert.Equal(200, (await _visit.ReturnAsync(browser, await ProviderVisit.GoToProviderAsync(browser, provider))).Status);
        }
    }

    /// <summary>
    /// The victim chose the attacker's provider, which sends them on to the honest one with the attacker's challenge and nonce.
    /// The honest code must not be shown to the attacker's token endpoint: with it the attacker would sign in as the victim.
    /// </summary>
    [Fact]
    public async Task The_answer_of_another_provider_is_refused_before_its_code_is_shown_to_anybody()
    {
        using var victim = new PersonBrowser(_visit.Lab);
        using var attacker = new PersonBrowser(_visit.Lab);
        var toAttackers = await ProviderVisit.GoToProviderAsync(victim, _attackersId);
        var ofAttacker = await ProviderVisit.GoToProviderAsync(attacker, _honestId);
        var sentOn = With(ofAttacker, ("state", Of(toAttackers, "state")));
        var answer = await _visit.AnswerAsync(sentOn);

        var page = await victim.GetAsync(answer.ToString());

        Assert.Equal(403, page.Status);
        Assert.Equal(0, _attackers.TokenRequests);
        AssertNobody(victim);
    }

    [Fact]
    public async Task The_code_of_one_provider_is_not_redeemed_as_the_others()
    {
        using var browser = new PersonBrowser(_visit.Lab);
        var code = Of(await _visit.AnswerAsync(await ProviderVisit.GoToProviderAsync(browser, _attackersId)), "code");
        var own = await _visit.AnswerAsync(await ProviderVisit.GoToProviderAsync(browser, _honestId));

        Assert.Equal(403, (await browser.GetAsync(With(own, ("code", code)).ToString())).Status);
        AssertNobody(browser);
    }

    /// <summary>Login CSRF: the attacker's own sign-in, finished in the victim's browser.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_answer_is_of_no_use_in_a_browser_that_did_not_ask_for_it(bool victimHasOneOfItsOwn)
    {
        using var attacker = new PersonBrowser(_visit.Lab);
        using var victim = new PersonBrowser(_visit.Lab);
        var answer = await _visit.AnswerAsync(await ProviderVisit.GoToProviderAsync(attacker, _honestId));
        if (victimHasOneOfItsOwn)
        {
            await ProviderVisit.GoToProviderAsync(victim, _honestId);
        }

        Assert.Equal(400, (await victim.GetAsync(answer.ToString())).Status);
        AssertNobody(victim);
    }

    [Fact]
    public async Task States_and_codes_of_two_sign_ins_are_not_swapped()
    {
        using var attacker = new PersonBrowser(_visit.Lab);
        using var victim = new PersonBrowser(_visit.Lab);
        _honest.Email = "mallory@example.com";
        var attackers = await _visit.AnswerAsync(await ProviderVisit.GoToProviderAsync(attacker, _honestId));
        _honest.Email = "alice@example.com";
        var victims = await _visit.AnswerAsync(await ProviderVisit.GoToProviderAsync(victim, _honestId));

        // Even who knew the victim's state: the code goes with another verifier and nonce.
        Assert.Equal(403, (await victim.GetAsync(With(victims, ("code", Of(attackers, "code"))).ToString())).Status);
        Assert.Equal(403, (await attacker.GetAsync(With(attackers, ("code", Of(victims, "code"))).ToString())).Status);
        AssertNobody(attacker);
        AssertNobody(victim);
    }

    [Fact]
    public async Task An_older_sign_in_of_the_same_browser_does_not_end_the_newer_one()
    {
        using var browser = new PersonBrowser(_visit.Lab);
        var first = await _visit.AnswerAsync(await ProviderVisit.GoToProviderAsync(browser, _honestId));
        var second = await _visit.AnswerAsync(await ProviderVisit.GoToProviderAsync(browser, _honestId));

        Assert.Equal(400, (await browser.GetAsync(With(second, ("state", Of(first, "state"))).ToString())).Status);
        AssertNobody(browser);
    }

    [Theory]
    [InlineData("state", "")]
    [InlineData("state", "x")]
    [InlineData("code", "")]
    [InlineData("code", "x")]
    [InlineData("iss", "https://evil.example/")]
    public async Task An_answer_that_was_changed_signs_nobody_in(string name, string value)
    {
        using var browser = new PersonBrowser(_visit.Lab);
        var answer = await _visit.AnswerAsync(await ProviderVisit.GoToProviderAsync(browser, _honestId));

        Assert.True((await browser.GetAsync(With(answer, (name, value)).ToString())).Status is 400 or 403);
        AssertNobody(browser);
    }

    private static string Of(Uri address, string name) => QueryHelpers.ParseQuery(address.Query)[name].Single()!;

    private static Uri With(Uri address, params (string Name, string Value)[] changes)
    {
        var query = QueryHelpers.ParseQuery(address.Query).ToDictionary(q => q.Key, q => q.Value.ToString());
        foreach (var (name, value) in changes)
        {
            query[name] = value;
        }

        return new Uri(QueryHelpers.AddQueryString(address.GetLeftPart(UriPartial.Path), query!));
    }

    private Task<string> AddAsync(OidcServer provider) => _visit.AddProviderAsync("oidc", new
    {
        client_id = OidcServer.ClientId,
        client_secret = OidcServer.ClientSecret,
        auth_url = provider.Address + "/authorize",
        token_url = provider.Address + "/token",
        certs_url = provider.Address + "/jwks",
        pkce_enabled = true,
    });

    private void AssertNobody(PersonBrowser browser)
    {
        Assert.Throws<InvalidOperationException>(() => browser.Token(ProviderVisit.Team));
        Assert.Throws<InvalidOperationException>(() => browser.Token(ProviderVisit.Hostname));
        Assert.Equal(0, _origin.Connections);
    }
}
