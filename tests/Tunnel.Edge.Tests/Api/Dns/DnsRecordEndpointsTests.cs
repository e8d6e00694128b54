using System.Net;
using System.Text.Json.Nodes;

namespace Tunnel.Edge.Tests.Api.Dns;

public sealed class DnsRecordEndpointsTests : IAsyncLifetime
{
    private ApiHost _host = null!;
    private string _records = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await ApiHost.StartAsync();
        _records = $"zones/{await _host.AddZoneAsync()}/dns_records";
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_record_is_made_read_changed_and_removed()
    {
        var made = await AddAsync("CNAME", "www", "origin.example.net.", proxied: true);
        Assert.Equal("www.example.test", made.Text("name"));
        Assert.Equal("origin.example.net", made.Text("content"));
        Assert.True(made.Result["proxiable"]!.GetValue<bool>());
        var one = $"{_records}/{made.Text("id")}";
        Assert.Equal(made.Result.ToJsonString(), (await _host.GetAsync(one)).Result.ToJsonString());

        _host.Time.Advance(TimeSpan.FromMinutes(1));
        var edited = await _host.PatchAsync(one, new JsonObject { ["proxied"] = false, ["ttl"] = 300 });
        Assert.Equal((false, 300), (edited.Result["proxied"]!.GetValue<bool>(), edited.Result["ttl"]!.GetValue<int>()));
        Assert.Equal("origin.example.net", edited.Text("content"));
        Assert.Equal(made.Text("created_on"), edited.Text("created_on"));
        Assert.NotEqual(made.Text("modified_on"), edited.Text("modified_on"));

        var replaced = await _host.PutAsync(one, Record("A", "www.example.test", "192.0.2.7"));
        Assert.Equal(("A", "192.0.2.7"), (replaced.Text("type"), replaced.Text("content")));
        Assert.Equal(made.Text("id"), replaced.Text("id"));

        Assert.Equal(made.Text("id"), (await _host.DeleteAsync(one)).Text("id"));
        (await _host.DeleteAsync(one)).AssertError(HttpStatusCode.NotFound, 81044);
        (await _host.GetAsync(one)).AssertError(HttpStatusCode.NotFound, 81044);
        (await _host.PatchAsync(one, [])).AssertError(HttpStatusCode.NotFound, 81044);
    }

    [Fact]
    public async Task What_the_edge_does_not_know_is_kept_by_patch_and_dropped_by_put()
    {
        var body = Record("TXT", "@", "hello");
        body["comment"] = "mine";
        body["tags"] = new JsonArray("a:b");
        body["settings"] = new JsonObject { ["future"] = new JsonArray(1, 2.50m, null) };
        var made = await _host.PostAsync(_records, body);
        Assert.Equal("example.test", made.Text("name"));
        var one = $"{_records}/{made.Text("id")}";
        var edited = await _host.PatchAsync(one, new JsonObject { ["content"] = "bye" });
        Assert.Equal("mine", edited.Text("comment"));
        Assert.Equal("""{"future":[1,2.50,null]}""", edited.Result["settings"]!.ToJsonString());
        var replaced = await _host.PutAsync(one, Record("TXT", "@", "bye"));
        Assert.Null(replaced.Result["comment"]);
        Assert.Equal("[]", replaced.Result["tags"]!.ToJsonString());
    }

    [Fact]
    public async Task A_comment_and_tags_have_times_of_their_own_while_there_are_any()
    {
        var body = Record("TXT", "@", "hello");
        (body["comment"], body["tags"], body["comment_modified_on"]) = ("mine", new JsonArray("a:b"), "2001-01-01T00:00:00Z");
        var made = await _host.PostAsync(_records, body);
        var one = $"{_records}/{made.Text("id")}";
        var start = made.Text("created_on");
        Assert.Equal((start, start), (made.Text("comment_modified_on"), made.Text("tags_modified_on")));

        _host.Time.Advance(TimeSpan.FromMinutes(1));
        var edited = await _host.PatchAsync(one, new JsonObject { ["comment"] = "yours" });
        Assert.Equal((edited.Text("modified_on"), start), (edited.Text("comment_modified_on"), edited.Text("tags_modified_on")));

        _host.Time.Advance(TimeSpan.FromMinutes(1));
        body["comment"] = "yours";
        body.Remove("tags");
        var replaced = await _host.PutAsync(one, body);
        Assert.Equal(edited.Text("comment_modified_on"), replaced.Text("comment_modified_on"));
        Assert.False(replaced.Result.AsObject().ContainsKey("tags_modified_on"));
    }

    [Fact]
    public async Task A_cname_stands_alone_among_addresses()
    {
        await AddAsync("CNAME", "a", "x.example.net");
        (await AddAsync("CNAME", "a", "y.example.net")).AssertError(HttpStatusCode.BadRequest, 81053);
        (await AddAsync("A", "a", "192.0.2.1")).AssertError(HttpStatusCode.BadRequest, 81054);
        await AddAsync("AAAA", "b", "2001:db8::1");
        (await AddAsync("CNAME", "b", "x.example.net")).AssertError(HttpStatusCode.BadRequest, 81053);
        Assert.True((await AddAsync("AAAA", "b", "2001:db8::2")).Success);
        (await AddAsync("AAAA", "b", "2001:db8::2")).AssertError(HttpStatusCode.BadRequest, 81058);
    }

    [Fact]
    public async Task A_change_must_not_conflict_either()
    {
        await AddAsync("A", "taken", "192.0.2.1");
        var other = await AddAsync("CNAME", "free", "x.example.net");
        (await _host.PatchAsync($"{_records}/{other.Text("id")}", new JsonObject { ["name"] = "taken" }))
            .AssertError(HttpStatusCode.BadRequest, 81053);
        Assert.Equal("free.example.test", (await _host.GetAsync($"{_records}/{other.Text("id")}")).Text("name"));
    }

    [Fact]
    public async Task Of_parallel_creates_of_one_name_one_wins()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => AddAsync("CNAME", "one", $"t{i}.example.net")));
        Assert.Single(answers, a => a.Success);
        Assert.Single((await _host.GetAsync(_records)).Result.AsArray());
    }

    [Theory]
    [InlineData("A", "www", "2001:db8::1", 9005)]
    [InlineData("A", "www", "1", 9005)]
    [InlineData("AAAA", "www", "192.0.2.1", 9006)]
    [InlineData("CNAME", "www", "not a host", 9007)]
    [InlineData("CNAME", "www", "www.example.test", 9039)]
    [InlineData("CNAME", "w w", "x.example.net", 9000)]
    [InlineData("CNAME", "a.*.b", "x.example.net", 9000)]
    [InlineData("WHAT", "www", "x", 1004)]
    [InlineData("A", "www", "", 1004)]
    [InlineData("", "www", "192.0.2.1", 1004)]
    public async Task A_senseless_record_is_refused(string type, string name, string content, int code) =>
        (await AddAsync(type, name, content)).AssertError(HttpStatusCode.BadRequest, code);

    [Fact]
    public async Task Only_addresses_and_cnames_can_be_proxied_and_ttl_has_bounds()
    {
        (await AddAsync("TXT", "www", "x", proxied: true)).AssertError(HttpStatusCode.BadRequest, 9004);
        var body = Record("A", "www", "192.0.2.1");
        body["ttl"] = 5;
        (await _host.PostAsync(_records, body)).AssertError(HttpStatusCode.BadRequest, 9021);
    }

    [Fact]
    public async Task A_wildcard_is_a_name() => Assert.Equal("*.example.test", (await AddAsync("CNAME", "*", "x.example.net")).Text("name"));

    [Theory]
    [InlineData("type=CNAME", "b.example.test")]
    [InlineData("name=a.example.test", "a.example.test")]
    [InlineData("name.exact=A.example.test", "a.example.test")]
    [InlineData("name.startswith=b", "b.example.test")]
    [InlineData("name.contains=example", "a.example.test,b.example.test")]
    [InlineData("content=192.0.2.1", "a.example.test")]
    [InlineData("content.endswith=net", "b.example.test")]
    [InlineData("proxied=true", "b.example.test")]
    [InlineData("search=192", "a.example.test")]
    [InlineData("type=A&name=b.example.test", "")]
    [InlineData("type=A&name=b.example.test&match=any", "a.example.test,b.example.test")]
    [InlineData("order=type&direction=desc", "b.example.test,a.example.test")]
    public async Task Filters_choose(string query, string expected)
    {
        await AddAsync("A", "a", "192.0.2.1");
        await AddAsync("CNAME", "b", "x.example.net", proxied: true);
        var names = (await _host.GetAsync($"{_records}?{query}")).Result.AsArray().Select(r => r!["name"]!.GetValue<string>());
        Assert.Equal(expected, string.Join(',', names));
    }

    private static JsonObject Record(string type, string name, string content, bool proxied = false) =>
        new() { ["type"] = type, ["name"] = name, ["content"] = content, ["proxied"] = proxied };

    private Task<ApiAnswer> AddAsync(string type, string name, string content, bool proxied = false) =>
        _host.PostAsync(_records, Record(type, name, content, proxied));
}
