using System.Text.Json.Nodes;
using Tunnel.Access;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests;

/// <summary>
/// People who are in more groups than a token of Entra holds, with answers in place of Microsoft Graph's as it documents them.
/// </summary>
public sealed class EntraGroupTests : IAsyncLifetime
{
    private const string Directory = "11111111-1111-4111-8111-111111111111";
    private const string Operators = "22222222-2222-4222-8222-222222222222";
    private const string Role = "44444444-4444-4444-8444-444444444444";
    private const string First = "/v1.0/me/transitiveMemberOf?$select=id&$top=999";
    private const string Second = First + "&$skiptoken=abc";

    private readonly AnswerServer _graph = new();
    private OidcServer _provider = null!;
    private ProviderVisit _visit = null!;

    public async ValueTask InitializeAsync()
    {
        _provider = await OidcServer.StartAsync($"/{Directory}", "oauth2/v2.0/authorize", "oauth2/v2.0/token", "discovery/v2.0/keys");
        _provider.NamesItself = false;
        _provider.Change = claims =>
        {
            claims["iss"] = $"{_provider.Address}/{Directory}/v2.0";
            claims["_claim_names"] = new JsonObject { ["groups"] = "src1" };
            claims["_claim_sources"] = new JsonObject
            {
                ["src1"] = new JsonObject { ["endpoint"] = $"{_graph.Address}/users/alice/getMemberObjects" },
            };
        };
        _visit = await ProviderVisit.StartAsync(
            _provider.Certificate, null, ("login.microsoftonline.com", _provider.Address), ("graph.microsoft.com", _graph.Address));
        _graph.Answers[First] = (200, Page(Members(("group", "33333333-3333-4333-8333-333333333333")), "https://graph.microsoft.com" + Second));
        _graph.Answers[Second] = (200, Page(Members(("group", Operators), ("directoryRole", Role)), null));
    }

    public async ValueTask DisposeAsync()
    {
        await _visit.DisposeAsync();
        await _provider.DisposeAsync();
        await _graph.DisposeAsync();
    }

    [Theory]
    [InlineData(Operators, 200)]
    [InlineData("55555555-5555-4555-8555-555555555555", 403)]
    [InlineData(Role, 403)] // is in the list and no group
    public async Task Their_groups_are_read_page_by_page(string group, int status)
    {
        var id = await AddAsync();
        await _visit.ProtectAsync(new AzureGroupRule(group, id));

        Assert.Equal(status, await _visit.SignInAsync());
        Assert.Equal([First, Second], _graph.Requests.Select(r => r.Path));
        Assert.All(_graph.Requests, r => Assert.StartsWith("Bearer ", r.Authorization, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(403, """{"error":{"code":"Authorization_RequestDenied","message":"Insufficient privileges to complete the operation."}}""")]
    [InlineData(200, "{}")]
    [InlineData(200, "[]")]
    [InlineData(200, "no JSON")]
    [InlineData(200, """{"value":[],"@odata.nextLink":"https://thief.example/v1.0/me"}""")]
    [InlineData(200, """{"value":[],"@odata.nextLink":"https://graph.microsoft.com/elsewhere"}""")]
    [InlineData(200, """{"value":[],"@odata.nextLink":7}""")]
    [InlineData(200, """{"value":[],"@odata.nextLink":"https://graph.microsoft.com/v1.0/me/transitiveMemberOf?$select=id&$top=999"}""")] // for ever
    public async Task Where_a_page_fails_none_of_them_is_known(int status, string answer)
    {
        var id = await AddAsync();
        _graph.Answers[First] = (200, Page(Members(("group", Operators)), "https://graph.microsoft.com" + Second));
        _graph.Answers[Second] = (status, answer);
        await _visit.ProtectAsync(new AzureGroupRule(Operators, id));

        Assert.Equal(403, await _visit.SignInAsync());
        Assert.InRange(_graph.Requests.Count, 2, 5);
    }

    [Fact]
    public async Task Who_is_let_in_by_something_else_gets_in_without_them_but_not_past_a_group_that_is_shut_out()
    {
        var id = await AddAsync();
        _graph.Answers.Clear();
        await _visit.ProtectAsync(new EmailDomainRule("example.com"));
        Assert.Equal(200, await _visit.SignInAsync());

        var shut = EdgeLab.Policy(AccessDecision.Allow, new EmailDomainRule("example.com")) with
        {
            Exclude = [new AzureGroupRule(Operators, id)],
        };
        await _visit.Lab.ProtectAsync("other.example.test", shut);
        using var browser = new PersonBrowser(_visit.Lab);
        Assert.Equal(403, (await _visit.ReturnAsync(browser, await ProviderVisit.GoToProviderAsync(browser, hostname: "other.example.test"))).Status);
    }

    [Fact]
    public async Task Nobody_is_asked_where_the_settings_do_not_say_so()
    {
        var id = await AddAsync(supportsGroups: false);
        await _visit.ProtectAsync(new AzureGroupRule(Operators, id));

        Assert.Equal(403, await _visit.SignInAsync());
        Assert.Empty(_graph.Requests);
    }

    private Task<string> AddAsync(bool supportsGroups = true) => _visit.AddProviderAsync("azureAD", new
    {
        client_id = OidcServer.ClientId, client_secret = OidcServer.ClientSecret, directory_id = Directory, support_groups = supportsGroups,
    });

    private static string Members(params (string Type, string Id)[] members) =>
        string.Join(',', members.Select(m => $$"""{"@odata.type":"#microsoft.graph.{{m.Type}}","id":"{{m.Id}}"}"""));

    private static string Page(string members, string? next) =>
        $$"""{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#directoryObjects(id)",{{(next is null ? "" : $"\"@odata.nextLink\":\"{next}\",")}}"value":[{{members}}]}""";
}
