using System.Net;
using System.Text.Json.Nodes;
using Tunnel.Access;
using Tunnel.Edge.Store;
using Tunnel.Edge.Tests.Api.Permissions;

namespace Tunnel.Edge.Tests.Api.Access;

public sealed class ListEndpointsTests : IAsyncLifetime
{
    private ApiHost _host = null!;
    private string _lists = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await ApiHost.StartAsync();
        _lists = $"accounts/{_host.Account}/gateway/lists";
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_list_is_made_read_renamed_and_removed()
    {
        var made = await _host.PostAsync(_lists, List("operators", "EMAIL", "alice@example.test", "bob@example.test"));
        Assert.Equal(HttpStatusCode.OK, made.Status);
        Assert.Equal(("EMAIL", 2), (made.Text("type"), made.Result["count"]!.GetValue<int>()));
        var one = $"{_lists}/{made.Text("id")}";
        Assert.Equal(made.Result.ToJsonString(), (await _host.GetAsync(one)).Result.ToJsonString());

        _host.Time.Advance(TimeSpan.FromSeconds(5));
        var renamed = await _host.PutAsync(one, new JsonObject { ["name"] = "people", ["description"] = "All of them" });
        Assert.Equal((made.Text("id"), "people", "All of them"), (renamed.Text("id"), renamed.Text("name"), renamed.Text("description")));
        Assert.Equal(["alice@example.test", "bob@example.test"], await Values(one));
        Assert.NotEqual(made.Text("updated_at"), renamed.Text("updated_at"));
        Assert.Equal(made.Text("created_at"), renamed.Text("created_at"));

        var removed = await _host.DeleteAsync(one);
        Assert.Equal((HttpStatusCode.OK, "{}"), (removed.Status, removed.Result.ToJsonString()));
        (await _host.GetAsync(one)).AssertError(HttpStatusCode.NotFound, 2002);
        (await _host.GetAsync(one + "/items")).AssertError(HttpStatusCode.NotFound, 2002);
        (await _host.PatchAsync(one, [])).AssertError(HttpStatusCode.NotFound, 2002);
        (await _host.DeleteAsync(one)).AssertError(HttpStatusCode.NotFound, 2002);
    }

    [Fact]
    public async Task Entries_are_appended_taken_away_and_replaced_and_mean_the_same_whatever_their_form()
    {
        var one = $"{_lists}/{(await _host.PostAsync(_lists, List("operators", "EMAIL", "alice@example.test"))).Text("id")}";
        await _host.PatchAsync(one, new JsonObject { ["append"] = Items("ALICE@example.test", "bob@example.test") });
        Assert.Equal(["alice@example.test", "bob@example.test"], await Values(one));
        var edited = await _host.PatchAsync(one, new JsonObject
        {
            ["append"] = Items("carol@example.test"), ["remove"] = new JsonArray("Alice@Example.test", "nobody@example.test"),
        });
        Assert.Equal(2, edited.Result["count"]!.GetValue<int>());
        Assert.Equal(["bob@example.test", "carol@example.test"], await Values(one));

        // As the API says it: what is empty replaces nothing.
        await _host.PutAsync(one, new JsonObject { ["name"] = "operators", ["items"] = new JsonArray() });
        Assert.Equal(["bob@example.test", "carol@example.test"], await Values(one));
        await _host.PutAsync(one, new JsonObject { ["name"] = "operators", ["items"] = Items("dave@example.test") });
        Assert.Equal(["dave@example.test"], await Values(one));

        var places = $"{_lists}/{(await _host.PostAsync(_lists, List("places", "IP", "10.1.2.3/8", "2001:db8::/32"))).Text("id")}";
        await _host.PatchAsync(places, new JsonObject { ["remove"] = new JsonArray("10.0.0.0/8") });
        Assert.Equal(["2001:db8::/32"], await Values(places));
    }

    [Theory]
    [InlineData("""{"type":"EMAIL"}""", "name is required")]
    [InlineData("""{"name":"x"}""", "type is required")]
    [InlineData("""{"name":"x","type":"PHONE"}""", "type must be one of")]
    [InlineData("""{"name":"x","type":"email"}""", "type must be one of")]
    [InlineData("""{"name":"x","type":"EMAIL","items":{}}""", "items must be an array")]
    [InlineData("""{"name":"x","type":"EMAIL","items":["alice@example.test"]}""", "items must hold objects")]
    [InlineData("""{"name":"x","type":"EMAIL","items":[{}]}""", "value is required")]
    [InlineData("""{"name":"x","type":"EMAIL","items":[{"value":"alice"}]}""", "item: 'alice' error: invalid email address")]
    [InlineData("""{"name":"x","type":"IP","items":[{"value":"10.0.0.0/33"}]}""", "invalid IP address or range")]
    [InlineData("""{"name":"x","type":"EMAIL","items":[{"value":"a@b.test"},{"value":"A@b.test"}]}""", "stands in items twice")]
    public async Task What_no_list_can_be_is_refused(string body, string reason)
    {
        var answer = await _host.PostAsync(_lists, (JsonObject)JsonNode.Parse(body)!);

        answer.AssertError(HttpStatusCode.BadRequest, 2001);
        Assert.Contains(reason, answer.Envelope.ToJsonString().Replace("\\u0027", "'", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Empty(_host.Store.Lists.List());
    }

    [Fact]
    public async Task Names_descriptions_values_and_their_number_are_bounded()
    {
        (await _host.PostAsync(_lists, List(new string('n', 256), "EMAIL"))).AssertError(HttpStatusCode.BadRequest, 2001);
        (await _host.PostAsync(_lists, List("x", "SERIAL", new string('s', 2049)))).AssertError(HttpStatusCode.BadRequest, 2001);
        string[] full = [.. Enumerable.Range(0, AccessListTable.MaxItems).Select(i => $"p{i}@example.test")];
        var one = $"{_lists}/{(await _host.PostAsync(_lists, List("full", "EMAIL", full))).Text("id")}";

        (await _host.PatchAsync(one, new JsonObject { ["append"] = Items("one@more.test") })).AssertError(HttpStatusCode.BadRequest, 2001);
        Assert.Equal(AccessListTable.MaxItems, (await _host.GetAsync(one)).Result["count"]!.GetValue<int>());
        (await _host.PostAsync(_lists, List("more", "EMAIL", [.. full, "one@more.test"]))).AssertError(HttpStatusCode.BadRequest, 2001);
    }

    [Fact]
    public async Task Entries_come_in_pages()
    {
        var one = $"{_lists}/{(await _host.PostAsync(_lists, List("many", "IP", [.. Enumerable.Range(1, 120).Select(i => $"10.0.0.{i}")]))).Text("id")}";

        var first = await _host.GetAsync(one + "/items");
        Assert.Equal(50, first.Result.AsArray().Count);
        Assert.Equal(120, first.Envelope["result_info"]!["total_count"]!.GetValue<int>());
        Assert.Equal("10.0.0.101", (await _host.GetAsync(one + "/items?page=3")).Result.AsArray()[0]!["value"]!.GetValue<string>());
        Assert.Equal(120, (await _host.GetAsync(one + "/items?per_page=1000")).Result.AsArray().Count);
    }

    [Fact]
    public async Task Lists_are_found_by_type_text_and_filters_and_ordered()
    {
        foreach (var (name, type, values) in new[] { ("b-people", "EMAIL", 2), ("a-places", "IP", 1), ("c-devices", "SERIAL", 0) })
        {
            await _host.PostAsync(_lists, List(name, type, [.. Enumerable.Range(1, values).Select(i => type == "IP" ? $"10.0.0.{i}" : $"p{i}@x.test")]));
            _host.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(["b-people", "a-places", "c-devices"], await Names(""));
        Assert.Equal(["a-places"], await Names("?type=IP"));
        Assert.Equal(["b-people"], await Names("?search=PEO"));
        Assert.Equal(["b-people"], await Names("?filter=item_count:2&filter=type:EMAIL"));
        Assert.Equal(["c-devices"], await Names("?filter=type:SERIAL&type=IP"));
        Assert.Equal(["a-places", "b-people", "c-devices"], await Names("?order_by=name"));
        Assert.Equal(["c-devices", "a-places", "b-people"], await Names("?order_by=created_at"));
        Assert.Equal(["c-devices", "a-places", "b-people"], await Names("?direction=desc"));
        foreach (var query in new[] { "type=PHONE", "filter=colour:red", "filter=item_count:x", "order_by=colour", "direction=up" })
        {
            (await _host.GetAsync($"{_lists}?{query}")).AssertError(HttpStatusCode.BadRequest, 1004);
        }
    }

    [Fact]
    public async Task A_list_that_a_policy_or_a_group_names_stays()
    {
        var list = (await _host.PostAsync(_lists, List("operators", "EMAIL"))).Text("id");
        var groups = $"accounts/{_host.Account}/access/groups";
        var group = (await _host.PostAsync(groups, new JsonObject
        {
            ["name"] = "staff", ["include"] = JsonNode.Parse("[{\"email_list\":{\"id\":\"" + list.ToUpperInvariant() + "\"}}]"),
        })).Text("id");

        (await _host.DeleteAsync($"{_lists}/{list}")).AssertError(HttpStatusCode.BadRequest, 2001);
        await _host.DeleteAsync($"{groups}/{group}");
        Assert.True((await _host.DeleteAsync($"{_lists}/{list}")).Success);
    }

    [Fact]
    public async Task A_change_of_a_list_counts_for_the_next_decision()
    {
        var people = (await _host.PostAsync(_lists, List("people", "EMAIL", "alice@example.test"))).Text("id");
        var places = (await _host.PostAsync(_lists, List("places", "IP", "10.0.0.0/8"))).Text("id");
        bool LetsIn() => PolicyEvaluator.Evaluate(
            [new AccessPolicy
            {
                Id = "p", Name = "p", Decision = AccessDecision.Allow, Include = [new EmailListRule(people)], Require = [new IpListRule(places)],
            }],
            new AccessVisitor { Email = "alice@example.test", Address = IPAddress.Parse("10.2.3.4") },
            _host.Store.Snapshot.Groups, _host.Store.Snapshot.Lists).IsAllowed;
        Assert.True(LetsIn());

        await _host.PatchAsync($"{_lists}/{people}", new JsonObject { ["remove"] = new JsonArray("alice@example.test") });
        Assert.False(LetsIn());
        await _host.PatchAsync($"{_lists}/{people}", new JsonObject { ["append"] = Items("alice@example.test") });
        Assert.True(LetsIn());
        await _host.PutAsync($"{_lists}/{places}", new JsonObject { ["name"] = "places", ["items"] = Items("192.0.2.0/24") });
        Assert.False(LetsIn());
    }

    [Fact]
    public async Task A_token_for_reading_lists_changes_none()
    {
        var token = await _host.AddTokenAsync(Policies.Allow($"com.cloudflare.api.account.{_host.Account}", "Zero Trust Read"));
        var one = $"{_lists}/{(await _host.PostAsync(_lists, List("people", "EMAIL"))).Text("id")}";

        Assert.True((await _host.GetAsAsync(token, one + "/items")).Success);
        (await _host.SendAsAsync(token, HttpMethod.Patch, one, new JsonObject { ["append"] = Items("a@b.test") })).AssertError(HttpStatusCode.Forbidden, 10000);
        (await _host.SendAsAsync(token, HttpMethod.Post, _lists, List("x", "EMAIL"))).AssertError(HttpStatusCode.Forbidden, 10000);
    }

    private static JsonObject List(string name, string type, params string[] values) =>
        new() { ["name"] = name, ["type"] = type, ["items"] = Items(values) };

    private static JsonArray Items(params string[] values) => new([.. values.Select(value => new JsonObject { ["value"] = value })]);

    private async Task<string[]> Values(string list) =>
        [.. (await _host.GetAsync(list + "/items")).Result.AsArray().Select(item => item!["value"]!.GetValue<string>())];

    private async Task<string[]> Names(string query) =>
        [.. (await _host.GetAsync(_lists + query)).Result.AsArray().Select(list => list!["name"]!.GetValue<string>())];
}
