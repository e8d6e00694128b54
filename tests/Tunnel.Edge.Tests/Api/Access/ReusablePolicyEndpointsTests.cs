using System.Net;
using System.Text.Json.Nodes;

namespace Tunnel.Edge.Tests.Api.Access;

public sealed class ReusablePolicyEndpointsTests : IAsyncLifetime
{
    private ApiHost _host = null!;
    private string _apps = null!;
    private string _policies = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await ApiHost.StartAsync();
        await _host.AddZoneAsync();
        _apps = $"accounts/{_host.Account}/access/apps";
        _policies = $"accounts/{_host.Account}/access/policies";
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_reusable_policy_is_made_read_changed_and_removed()
    {
        var made = await _host.PostAsync(_policies, PolicyEndpointsTests.Everyone("staff", precedence: 4));
        Assert.Equal((HttpStatusCode.Created, true, 0), (made.Status, Bool(made, "reusable"), Int(made, "app_count")));
        Assert.False(made.Result.AsObject().ContainsKey("precedence"));
        var one = $"{_policies}/{made.Text("id")}";
        Assert.Equal(made.Result.ToJsonString(), (await _host.GetAsync(one)).Result.ToJsonString());
        Assert.Equal(made.Result.ToJsonString(), Assert.Single((await _host.GetAsync(_policies)).Result.AsArray())!.ToJsonString());

        var body = made.Result.DeepClone().AsObject();
        body["name"] = "everybody";
        Assert.Equal("everybody", (await _host.PutAsync(one, body)).Text("name"));
        var removed = await _host.DeleteAsync(one);
        Assert.Equal((HttpStatusCode.Accepted, made.Text("id")), (removed.Status, removed.Text("id")));
        (await _host.GetAsync(one)).AssertError(HttpStatusCode.NotFound, 12083);
        (await _host.DeleteAsync(one)).AssertError(HttpStatusCode.NotFound, 12083);
        (await _host.PutAsync(one, body)).AssertError(HttpStatusCode.NotFound, 12083);
    }

    [Fact]
    public async Task Applications_hold_it_each_at_a_place_of_its_own_and_a_change_is_everywhere_at_once()
    {
        var id = await AddAsync("staff");
        var first = await _host.PostAsync(_apps, new JsonObject { ["type"] = "self_hosted", ["domain"] = "a.example.test", ["policies"] = new JsonArray(id) });
        var second = await _host.PostAsync(_apps, new JsonObject
        {
            ["type"] = "self_hosted", ["domain"] = "b.example.test",
            ["policies"] = new JsonArray(PolicyEndpointsTests.Everyone("own"), new JsonObject { ["id"] = id, ["precedence"] = 7 }),
        });
        Assert.Equal(["staff 1 true"], Shown(first));
        Assert.Equal(["own 1 false", "staff 7 true"], Shown(second));
        Assert.Equal(2, Int(await _host.GetAsync($"{_policies}/{id}"), "app_count"));
        Assert.Equal(["own 1 false", "staff 7 true"], Shown((await _host.GetAsync($"{_apps}/{second.Text("id")}/policies")).Result.AsArray()));

        var deny = PolicyEndpointsTests.Everyone("nobody");
        deny["decision"] = "deny";
        await _host.PutAsync($"{_policies}/{id}", deny);
        Assert.All(_host.Store.Snapshot.Applications, a => Assert.Equal("nobody", a.Policies[^1].Name));
    }

    [Fact]
    public async Task One_that_is_in_use_stays_until_no_application_holds_it()
    {
        var id = await AddAsync("staff");
        var first = await _host.PostAsync(_apps, new JsonObject { ["type"] = "self_hosted", ["domain"] = "a.example.test", ["policies"] = new JsonArray(id) });
        var second = await _host.PostAsync(_apps, new JsonObject { ["type"] = "self_hosted", ["domain"] = "b.example.test", ["policies"] = new JsonArray(id) });
        (await _host.DeleteAsync($"{_policies}/{id}")).AssertError(HttpStatusCode.BadRequest, 12130);

        await _host.DeleteAsync($"{_apps}/{first.Text("id")}");
        (await _host.DeleteAsync($"{_policies}/{id}")).AssertError(HttpStatusCode.BadRequest, 12130);
        await _host.PutAsync($"{_apps}/{second.Text("id")}", new JsonObject { ["type"] = "self_hosted", ["domain"] = "b.example.test", ["policies"] = new JsonArray() });
        Assert.Equal(0, Int(await _host.GetAsync($"{_policies}/{id}"), "app_count"));
        Assert.Equal(HttpStatusCode.Accepted, (await _host.DeleteAsync($"{_policies}/{id}")).Status);
    }

    [Fact]
    public async Task An_application_neither_changes_nor_removes_it()
    {
        var id = await AddAsync("staff");
        var app = await _host.PostAsync(_apps, new JsonObject { ["type"] = "self_hosted", ["domain"] = "a.example.test", ["policies"] = new JsonArray(id) });
        var held = $"{_apps}/{app.Text("id")}/policies/{id}";
        Assert.Equal("staff", (await _host.GetAsync(held)).Text("name"));
        (await _host.PutAsync(held, PolicyEndpointsTests.Everyone("other"))).AssertError(HttpStatusCode.BadRequest, 12130);
        (await _host.DeleteAsync(held)).AssertError(HttpStatusCode.BadRequest, 12130);

        // Sent back with the application as it was read, with something changed: it is a link, and stays as it is.
        var body = app.Result.DeepClone().AsObject();
        body["policies"]![0]!["name"] = "other";
        Assert.Equal(["staff 1 true"], Shown(await _host.PutAsync($"{_apps}/{app.Text("id")}", body)));
        Assert.Equal("staff", (await _host.GetAsync($"{_policies}/{id}")).Text("name"));
    }

    [Fact]
    public async Task A_policy_of_an_application_is_made_reusable_and_stays_where_it_is()
    {
        var app = await _host.PostAsync(_apps, new JsonObject
        {
            ["type"] = "self_hosted", ["domain"] = "a.example.test", ["policies"] = new JsonArray(PolicyEndpointsTests.Everyone("own", 3)),
        });
        var id = app.Result["policies"]![0]!["id"]!.GetValue<string>();
        var one = $"{_apps}/{app.Text("id")}/policies/{id}";
        (await _host.GetAsync($"{_policies}/{id}")).AssertError(HttpStatusCode.NotFound, 12083);
        for (var time = 0; time < 2; time++)
        {
            var made = await _host.SendAsync(HttpMethod.Put, one + "/make_reusable");
            Assert.Equal((true, 1), (Bool(made, "reusable"), Int(made, "app_count")));
        }

        Assert.Equal(["own 3 true"], Shown(await _host.GetAsync($"{_apps}/{app.Text("id")}")));
        await _host.DeleteAsync($"{_apps}/{app.Text("id")}");
        Assert.Equal("own", (await _host.GetAsync($"{_policies}/{id}")).Text("name"));
        (await _host.SendAsync(HttpMethod.Put, one + "/make_reusable")).AssertError(HttpStatusCode.NotFound, 11021);
    }

    [Fact]
    public async Task Another_applications_own_policy_cannot_be_held()
    {
        var app = await _host.PostAsync(_apps, new JsonObject
        {
            ["type"] = "self_hosted", ["domain"] = "a.example.test", ["policies"] = new JsonArray(PolicyEndpointsTests.Everyone("own")),
        });
        var id = app.Result["policies"]![0]!["id"]!.GetValue<string>();
        (await _host.PostAsync(_apps, new JsonObject { ["type"] = "self_hosted", ["domain"] = "b.example.test", ["policies"] = new JsonArray(id) }))
            .AssertError(HttpStatusCode.BadRequest, 12130);
    }

    [Fact]
    public async Task Removals_and_links_at_the_same_time_leave_no_link_to_nothing()
    {
        for (var round = 0; round < 10; round++)
        {
            var id = await AddAsync("staff");
            var answers = await Task.WhenAll(
                _host.DeleteAsync($"{_policies}/{id}"),
                _host.PostAsync(_apps, new JsonObject { ["type"] = "self_hosted", ["domain"] = $"r{round}.example.test", ["policies"] = new JsonArray(id) }));
            Assert.Single(answers, a => a.Success);
            Assert.All(answers, a => Assert.True((int)a.Status < 500));
        }
    }

    [Fact]
    public async Task A_service_token_that_it_names_stays()
    {
        var tokens = $"accounts/{_host.Account}/access/service_tokens";
        var token = await _host.PostAsync(tokens, new JsonObject { ["name"] = "ci" });
        await _host.PostAsync(_policies, new JsonObject
        {
            ["name"] = "machines", ["decision"] = "non_identity",
            ["include"] = new JsonArray(new JsonObject { ["service_token"] = new JsonObject { ["token_id"] = token.Text("id") } }),
        });
        (await _host.DeleteAsync($"{tokens}/{token.Text("id")}")).AssertError(HttpStatusCode.BadRequest, 12139);
    }

    private async Task<string> AddAsync(string name) =>
        (await _host.PostAsync(_policies, PolicyEndpointsTests.Everyone(name))).Text("id")!;

    private static IEnumerable<string> Shown(ApiAnswer application) => Shown(application.Result["policies"]!.AsArray());

    private static IEnumerable<string> Shown(JsonArray policies) =>
        policies.Select(p => $"{p!["name"]} {p["precedence"]} {p["reusable"]!.ToJsonString()}");

    private static bool Bool(ApiAnswer answer, string name) => answer.Result[name]!.GetValue<bool>();

    private static int Int(ApiAnswer answer, string name) => answer.Result[name]!.GetValue<int>();
}
