using System.Text.Json;
using Tunnel.Access;
using Tunnel.Core.Api;
using Tunnel.Core.Applications;
using Tunnel.Testing;

namespace Tunnel.Core.Tests.Applications;

/// <summary>Groups and the names in rules, against a real edge.</summary>
public sealed class GroupCatalogTests : IAsyncLifetime
{
    private EdgeLab _lab = null!;

    private GroupCatalog Groups => new(_lab.Api, _lab.Edge.AccountId);

    private AccessRuleResolver Rules => new(_lab.Api, _lab.Edge.AccountId);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _lab = await EdgeLab.StartAsync();

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task A_group_is_created_once_changed_and_removed()
    {
        var wanted = new AccessGroupResource { Name = "staff", Include = [new EmailDomainRule("example.test")] };
        AccessGroupResource made = await Groups.EnsureAsync(wanted, Stop);

        Assert.Equal(made.Id, (await Groups.EnsureAsync(wanted with { Name = "STAFF" }, Stop)).Id);
        await Assert.ThrowsAsync<ResourceConflictException>(
            () => Groups.EnsureAsync(wanted with { Include = [new EveryoneRule()] }, Stop));
        AccessGroupResource changed = await Groups.UpdateAsync(made with { Exclude = [new CountryRule("NZ")] }, Stop);
        Assert.Equal(changed.Exclude, (await Groups.GetAsync("staff", Stop)).Exclude);
        await Groups.RemoveAsync(made.Id, Stop);
        await Assert.ThrowsAsync<ResourceNotFoundException>(() => Groups.GetAsync(made.Id, Stop));
    }

    [Fact]
    public async Task What_this_client_does_not_know_survives_a_change()
    {
        var rule = new UnknownRule("weather", """{"is":"fine"}""");
        using JsonDocument colour = JsonDocument.Parse("\"green\"");
        AccessGroupResource made = await _lab.Api.Groups.CreateAsync(
            _lab.Edge.AccountId,
            new AccessGroupResource
            {
                Name = "future", Include = [rule], Other = new Dictionary<string, JsonElement> { ["colour"] = colour.RootElement },
            },
            Stop);

        AccessGroupResource changed = await Groups.UpdateAsync(
            await Groups.GetAsync("future", Stop) with { Name = "past" }, Stop);

        Assert.Equal((made.Id, "past", "green"), (changed.Id, changed.Name, changed.Other!["colour"].GetString()));
        Assert.Equal([rule], changed.Include);
    }

    [Fact]
    public async Task Two_groups_of_one_name_are_told_apart_by_id_only()
    {
        var wanted = new AccessGroupResource { Name = "twin", Include = [new EveryoneRule()] };
        AccessGroupResource one = await _lab.Api.Groups.CreateAsync(_lab.Edge.AccountId, wanted, Stop);
        await _lab.Api.Groups.CreateAsync(_lab.Edge.AccountId, wanted, Stop);

        await Assert.ThrowsAsync<ResourceConflictException>(() => Groups.GetAsync("twin", Stop));
        await Assert.ThrowsAsync<ResourceConflictException>(() => Rules.ResolveAsync(new GroupRule("twin"), Stop));
        Assert.Equal(one.Id, (await Groups.GetAsync(one.Id, Stop)).Id);
        Assert.Equal(new GroupRule(one.Id), await Rules.ResolveAsync(new GroupRule(one.Id), Stop));
    }

    [Fact]
    public async Task Names_in_rules_become_ids_and_the_rest_stays_as_it_is()
    {
        AccessGroupResource group = await Groups.EnsureAsync(
            new AccessGroupResource { Name = "Night shift", Include = [new EveryoneRule()] }, Stop);
        ServiceToken token = await _lab.Api.ServiceTokens.CreateAsync(_lab.Edge.AccountId, "deploy", cancellationToken: Stop);
        var unknown = new UnknownRule("weather", "{}");

        IReadOnlyList<AccessRule> rules = await Rules.ResolveAsync(
            [new GroupRule("night shift"), new ServiceTokenRule("deploy"), unknown, new EveryoneRule()], Stop);

        Assert.Equal([new GroupRule(group.Id), new ServiceTokenRule(token.Id), unknown, new EveryoneRule()], rules);
    }

    [Fact]
    public async Task A_name_that_is_not_there_says_what_is_missing()
    {
        var error = await Assert.ThrowsAsync<ResourceNotFoundException>(
            () => Groups.EnsureAsync(new AccessGroupResource { Name = "x", Include = [new GroupRule("nobody")] }, Stop));

        Assert.Contains("'nobody'", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, await Groups.ListAsync(cancellationToken: Stop).CountAsync(Stop));
    }
}
