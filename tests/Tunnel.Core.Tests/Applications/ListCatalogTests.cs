using Tunnel.Access;
using Tunnel.Core.Api;
using Tunnel.Core.Applications;
using Tunnel.Testing;

namespace Tunnel.Core.Tests.Applications;

/// <summary>Lists and their names in rules, against a real edge.</summary>
public sealed class ListCatalogTests : IAsyncLifetime
{
    private EdgeLab _lab = null!;

    private ListCatalog Lists => new(_lab.Api, _lab.Edge.AccountId);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _lab = await EdgeLab.StartAsync();

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task A_list_is_created_once_changed_and_removed()
    {
        AccessListResource made = await Lists.EnsureAsync("offices", null, ["10.1.2.3/8", "192.0.2.1"], null, Stop);

        Assert.Equal(AccessListResource.IpType, made.Type);
        Assert.Equal(made.Id, (await Lists.EnsureAsync("OFFICES", null, ["192.0.2.1/32", "10.0.0.0/8"], null, Stop)).Id);
        await Assert.ThrowsAsync<ResourceConflictException>(() => Lists.EnsureAsync("offices", null, ["10.0.0.0/8"], null, Stop));
        await Assert.ThrowsAsync<ResourceConflictException>(
            () => Lists.EnsureAsync("offices", "EMAIL", ["alice@example.com"], null, Stop));
        AccessListResource changed = await Lists.UpdateAsync(
            await Lists.GetAsync("offices", Stop), new ListChange { Add = ["2001:db8::/32"], Remove = ["10.0.0.0/8"], Name = "places" }, Stop);
        Assert.Equal(("places", "192.0.2.1 2001:db8::/32"), (changed.Name, string.Join(' ', changed.Items!)));
        await Lists.RemoveAsync(made.Id, Stop);
        await Assert.ThrowsAsync<ResourceNotFoundException>(() => Lists.GetAsync(made.Id, Stop));
    }

    [Fact]
    public async Task A_list_longer_than_a_page_is_read_whole()
    {
        string[] values = [.. Enumerable.Range(0, 1500).Select(i => $"p{i}@example.com")];
        await Lists.EnsureAsync("many", null, values, "All of them", Stop);

        AccessListResource list = await Lists.GetAsync("many", Stop);
        Assert.Equal(values, list.Items!.Select(item => item.Value));
        Assert.Equal("remove p0@example.com, p1@example.com, p2@example.com, p3@example.com and 1496 more",
            ListCatalog.Describe(list, new ListChange { Replace = [] }));
        Assert.Equal("nothing: it says so already", ListCatalog.Describe(list, new ListChange { Add = ["P1@example.com"] }));
    }

    [Fact]
    public async Task A_name_in_a_rule_stands_for_the_list_of_the_rules_type()
    {
        AccessListResource people = await Lists.EnsureAsync("staff", null, ["alice@example.com"], null, Stop);
        await _lab.Api.Lists.CreateAsync(
            _lab.Edge.AccountId, new AccessListResource { Name = "staff", Type = AccessListResource.IpType }, Stop);
        var rules = new AccessRuleResolver(_lab.Api, _lab.Edge.AccountId);

        Assert.Equal(new EmailListRule(people.Id), await rules.ResolveAsync(new EmailListRule("Staff"), Stop));
        Assert.NotEqual(people.Id, ((IpListRule)await rules.ResolveAsync(new IpListRule("staff"), Stop)).ListId);
        await Assert.ThrowsAsync<ResourceNotFoundException>(() => rules.ResolveAsync(new IpListRule("nowhere"), Stop));
        await Assert.ThrowsAsync<ResourceConflictException>(() => Lists.GetAsync("staff", Stop));
    }

    [Fact]
    public async Task What_names_a_list_is_told_when_it_cannot_be_removed()
    {
        AccessListResource list = await Lists.EnsureAsync("staff", null, ["alice@example.com"], null, Stop);
        AccessApplication application = await _lab.ProtectAsync(
            "ssh.example.test", EdgeLab.Policy(AccessDecision.Allow, new EmailListRule(list.Id)) with { Name = "p" });

        var refused = await Assert.ThrowsAsync<ResourceConflictException>(() => Lists.RemoveAsync(list.Id, Stop));
        Assert.Contains("the policy 'p' of ssh.example.test", refused.Message, StringComparison.Ordinal);
        await _lab.Api.Applications.DeleteAsync(_lab.Edge.AccountId, application.Id, Stop);
        await Lists.RemoveAsync(list.Id, Stop);
    }

    [Fact]
    public async Task A_list_that_is_gone_lets_nobody_in_where_policies_are_asked()
    {
        await _lab.ProtectAsync("ssh.example.test", EdgeLab.Policy(AccessDecision.Allow, new EmailListRule(Guid.NewGuid().ToString("D"))));

        AccessTester tester = await AccessTester.LoadAsync(_lab.Api, _lab.Edge.AccountId, "ssh.example.test", Stop);
        AccessTest test = tester.Test(new AccessVisitor { Email = "alice@example.com" });
        Assert.False(test.IsAllowed);
        Assert.Contains("there is no such list here", test.Reason, StringComparison.Ordinal);
    }
}
