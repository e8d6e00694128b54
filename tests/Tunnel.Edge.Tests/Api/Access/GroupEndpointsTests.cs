using System.Net;
using System.Text.Json.Nodes;
using Tunnel.Access;

namespace Tunnel.Edge.Tests.Api.Access;

public sealed class GroupEndpointsTests : IAsyncLifetime
{
    private ApiHost _host = null!;
    private string _groups = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await ApiHost.StartAsync();
        _groups = $"accounts/{_host.Account}/access/groups";
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_group_is_made_read_changed_and_removed()
    {
        var made = await _host.PostAsync(_groups, Group("staff", """{"email_domain":{"domain":"example.test"}}"""));
        Assert.Equal(HttpStatusCode.Created, made.Status);
        Assert.Equal("[]", made.Result["require"]!.ToJsonString());
        var one = $"{_groups}/{made.Text("id")}";
        Assert.Equal(made.Result.ToJsonString(), (await _host.GetAsync(one)).Result.ToJsonString());

        var changed = await _host.PutAsync(one, Group("people", """{"everyone":{}}"""));
        Assert.Equal((made.Text("id"), "people"), (changed.Text("id"), changed.Text("name")));
        Assert.IsType<EveryoneRule>(Assert.Single(_host.Store.Snapshot.Groups.Find(made.Text("id"))!.Include));

        var removed = await _host.DeleteAsync(one);
        Assert.Equal((HttpStatusCode.Accepted, made.Text("id")), (removed.Status, removed.Text("id")));
        (await _host.GetAsync(one)).AssertError(HttpStatusCode.NotFound, 12109);
        (await _host.PutAsync(one, Group("x", """{"everyone":{}}"""))).AssertError(HttpStatusCode.NotFound, 12109);
        (await _host.DeleteAsync(one)).AssertError(HttpStatusCode.NotFound, 12109);
    }

    [Fact]
    public async Task Groups_are_listed_newest_first_and_found_by_name_and_by_part_of_it()
    {
        foreach (var name in new[] { "ops", "ops-night", "guests" })
        {
            await _host.PostAsync(_groups, Group(name, """{"everyone":{}}"""));
            _host.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(["guests", "ops-night", "ops"], await Names(_groups));
        Assert.Equal(["ops"], await Names($"{_groups}?name=ops"));
        Assert.Equal(["ops-night", "ops"], await Names($"{_groups}?search=OPS"));
        var page = await _host.GetAsync($"{_groups}?page=2&per_page=2");
        Assert.Equal("ops", Assert.Single(page.Result.AsArray())!["name"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_zone_lists_its_own_groups()
    {
        var zone = await _host.AddZoneAsync();
        var made = await _host.PostAsync($"zones/{zone}/access/groups", Group("zone's", """{"everyone":{}}"""));

        Assert.Equal(["zone's"], await Names($"zones/{zone}/access/groups"));
        Assert.Empty(await Names(_groups));
        (await _host.GetAsync($"{_groups}/{made.Text("id")}")).AssertError(HttpStatusCode.NotFound, 12109);
        Assert.NotNull(_host.Store.Snapshot.Groups.Find(made.Text("id")));
    }

    [Fact]
    public async Task A_change_of_a_group_counts_for_the_next_request()
    {
        var id = (await _host.PostAsync(_groups, Group("staff", """{"email":{"email":"alice@example.test"}}"""))).Text("id");
        bool LetsIn() => PolicyEvaluator.Evaluate(
            [new AccessPolicy { Id = "p", Name = "p", Decision = AccessDecision.Allow, Include = [new GroupRule(id)] }],
            new AccessVisitor { Email = "alice@example.test" },
            _host.Store.Snapshot.Groups).IsAllowed;
        Assert.True(LetsIn());

        await _host.PutAsync($"{_groups}/{id}", Group("staff", """{"email":{"email":"bob@example.test"}}"""));

        Assert.False(LetsIn());
    }

    [Fact]
    public async Task A_group_that_a_policy_or_another_group_names_stays()
    {
        await _host.AddZoneAsync();
        var apps = $"accounts/{_host.Account}/access/apps";
        var app = (await _host.PostAsync(apps, new JsonObject { ["type"] = "self_hosted", ["domain"] = "ssh.example.test" })).Text("id");
        var inner = (await _host.PostAsync(_groups, Group("inner", """{"everyone":{}}"""))).Text("id");
        var outer = (await _host.PostAsync(_groups, Group("outer", Member(inner)))).Text("id");
        var policy = PolicyEndpointsTests.Everyone("p");
        policy["include"] = JsonNode.Parse($"[{Member(outer)}]");
        var made = await _host.PostAsync($"{apps}/{app}/policies", policy);

        (await _host.DeleteAsync($"{_groups}/{inner}")).AssertError(HttpStatusCode.BadRequest, 12130);
        (await _host.DeleteAsync($"{_groups}/{outer}")).AssertError(HttpStatusCode.BadRequest, 12130);
        await _host.DeleteAsync($"{apps}/{app}/policies/{made.Text("id")}");
        Assert.Equal(HttpStatusCode.Accepted, (await _host.DeleteAsync($"{_groups}/{outer}")).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await _host.DeleteAsync($"{_groups}/{inner}")).Status);
    }

    [Fact]
    public async Task A_service_token_that_a_group_names_stays()
    {
        var tokens = $"accounts/{_host.Account}/access/service_tokens";
        var token = (await _host.PostAsync(tokens, new JsonObject { ["name"] = "deploy" })).Text("id");
        await _host.PostAsync(_groups, Group("machines", "{\"service_token\":{\"token_id\":\"" + token + "\"}}"));

        (await _host.DeleteAsync($"{tokens}/{token}")).AssertError(HttpStatusCode.BadRequest, 12139);
    }

    [Fact]
    public async Task Groups_do_not_contain_themselves()
    {
        var first = (await _host.PostAsync(_groups, Group("first", """{"everyone":{}}"""))).Text("id");
        var second = (await _host.PostAsync(_groups, Group("second", Member(first)))).Text("id");

        (await _host.PutAsync($"{_groups}/{first}", Group("first", Member(first)))).AssertError(HttpStatusCode.BadRequest, 12130);
        (await _host.PutAsync($"{_groups}/{first}", Group("first", Member(second)))).AssertError(HttpStatusCode.BadRequest, 12130);
        Assert.True(_host.Store.Snapshot.Groups.IsUsable(second));
    }

    [Fact]
    public async Task Groups_do_not_nest_deeper_than_they_are_evaluated()
    {
        var ids = new List<string>();
        for (var level = 1; level <= AccessGroups.MaxNesting; level++)
        {
            var member = level == 1 ? """{"everyone":{}}""" : Member(ids[^1]);
            ids.Add((await _host.PostAsync(_groups, Group($"level {level}", member))).Text("id"));
        }

        (await _host.PostAsync(_groups, Group("one more", Member(ids[^1])))).AssertError(HttpStatusCode.BadRequest, 12130);
        var below = (await _host.PostAsync(_groups, Group("below", """{"everyone":{}}"""))).Text("id");
        // Fine for the group itself, and too deep for the one at the top.
        (await _host.PutAsync($"{_groups}/{ids[0]}", Group("level 1", Member(below)))).AssertError(HttpStatusCode.BadRequest, 12130);
    }

    [Fact]
    public async Task Selectors_and_properties_that_are_not_known_survive()
    {
        const string Include = """[{"weather":{"is":"fine"}},{"group":{"id":"x","until":"noon"}},{"ip":{"ip":"10.1.2.3/8"}}]""";
        var body = Group("future", """{"everyone":{}}""");
        body["include"] = JsonNode.Parse(Include);
        body["colour"] = "green";
        var made = await _host.PostAsync(_groups, body);
        Assert.Equal(Include, made.Result["include"]!.ToJsonString());

        var written = await _host.PutAsync($"{_groups}/{made.Text("id")}", made.Result.DeepClone().AsObject());

        Assert.Equal(made.Result.ToJsonString(), written.Result.ToJsonString());
        Assert.Equal("green", written.Text("colour"));
    }

    [Fact]
    public async Task One_group_is_the_default_one()
    {
        var first = Group("first", """{"everyone":{}}""");
        first["is_default"] = true;
        var second = Group("second", """{"everyone":{}}""");
        second["is_default"] = true;
        await _host.PostAsync(_groups, first);
        await _host.PostAsync(_groups, second);

        Assert.Equal("second", Assert.Single(_host.Store.Groups.List(null), g => g.IsDefault).Name);
    }

    [Theory]
    [InlineData("""{"include":[{"everyone":{}}]}""")]
    [InlineData("""{"name":"x"}""")]
    [InlineData("""{"name":"x","include":[]}""")]
    [InlineData("""{"name":"x","include":{}}""")]
    [InlineData("""{"name":"x","include":["everyone"]}""")]
    [InlineData("""{"name":"x","include":[{"geo":{"country_code":"New Zealand"}}]}""")]
    [InlineData("""{"name":"x","include":[{"everyone":{}}],"require":[{"ip":{"ip":"10.0.0.0/99"}}]}""")]
    [InlineData("""{"name":"x","include":[{"everyone":{}}],"exclude":"nobody"}""")]
    [InlineData("""{"name":"x","include":[{"everyone":{}}],"is_default":"yes"}""")]
    public async Task A_senseless_group_is_refused(string body)
    {
        (await _host.SendAsync(HttpMethod.Post, _groups, body)).AssertError(HttpStatusCode.BadRequest, 12130);
        Assert.Empty(_host.Store.Groups.List(null));
    }

    private static JsonObject Group(string name, string rule) => new()
    {
        ["name"] = name,
        ["include"] = new JsonArray(JsonNode.Parse(rule)),
    };

    private static string Member(string id) => "{\"group\":{\"id\":\"" + id + "\"}}";

    private async Task<string[]> Names(string path) =>
        [.. (await _host.GetAsync(path)).Result.AsArray().Select(g => g!["name"]!.GetValue<string>())];
}
