using System.Net;
using System.Text.Json.Nodes;

namespace Tunnel.Edge.Tests.Api.Dns;

public sealed class DnsBatchTests : IAsyncLifetime
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
    public async Task Removals_come_first_and_additions_last()
    {
        var (gone, patched, put) = (await AddAsync("a"), await AddAsync("b"), await AddAsync("c"));

        var answer = await _host.PostAsync($"{_records}/batch", new JsonObject
        {
            // "a" is free only when it was removed.
            ["posts"] = new JsonArray(Cname("a", "new.example.net")),
            ["puts"] = new JsonArray(With(Cname("c", "put.example.net"), put)),
            ["patches"] = new JsonArray(new JsonObject { ["id"] = patched, ["content"] = "patched.example.net" }),
            ["deletes"] = new JsonArray(new JsonObject { ["id"] = gone }),
        });

        Assert.Equal(gone, answer.Result["deletes"]![0]!["id"]!.GetValue<string>());
        Assert.Equal("patched.example.net", answer.Result["patches"]![0]!["content"]!.GetValue<string>());
        Assert.Equal(put, answer.Result["puts"]![0]!["id"]!.GetValue<string>());
        Assert.NotEqual(gone, answer.Result["posts"]![0]!["id"]!.GetValue<string>());
        Assert.Equal("new.example.net,patched.example.net,put.example.net", await ContentsAsync());
    }

    [Fact]
    public async Task One_change_that_cannot_be_made_undoes_all()
    {
        var (first, second) = (await AddAsync("a"), await AddAsync("b"));
        var before = await ContentsAsync();

        var answer = await _host.PostAsync($"{_records}/batch", new JsonObject
        {
            ["deletes"] = new JsonArray(new JsonObject { ["id"] = first }),
            ["posts"] = new JsonArray(Cname("c", "x.example.net"), Cname("b", "y.example.net")),
        });

        answer.AssertError(HttpStatusCode.BadRequest, 81053);
        Assert.Equal(before, await ContentsAsync());
        (await _host.PostAsync($"{_records}/batch", new JsonObject
        {
            ["patches"] = new JsonArray(new JsonObject { ["id"] = second, ["ttl"] = 5 }),
        })).AssertError(HttpStatusCode.BadRequest, 9021);
        (await _host.PostAsync($"{_records}/batch", new JsonObject
        {
            ["deletes"] = new JsonArray(new JsonObject { ["id"] = first }, new JsonObject { ["id"] = first }),
        })).AssertError(HttpStatusCode.NotFound, 81044);
        Assert.Equal(before, await ContentsAsync());
    }

    [Theory]
    [InlineData("""{"posts":{}}""")]
    [InlineData("""{"posts":[5]}""")]
    [InlineData("""{"deletes":[{}]}""")]
    [InlineData("""{"patches":[{"ttl":300}]}""")]
    public async Task Senseless_batches_are_refused(string body) =>
        (await _host.SendAsync(HttpMethod.Post, $"{_records}/batch", body)).AssertError(HttpStatusCode.BadRequest, 1004);

    [Fact]
    public async Task A_batch_is_bounded() => (await _host.PostAsync($"{_records}/batch", new JsonObject
    {
        ["posts"] = new JsonArray([.. Enumerable.Range(0, 201).Select(i => Cname($"n{i}", "x.example.net"))]),
    })).AssertError(HttpStatusCode.BadRequest, 1004);

    [Fact]
    public async Task Records_of_several_fields_have_their_content_composed()
    {
        var srv = await _host.SendAsync(HttpMethod.Post, _records,
            """{"type":"SRV","name":"_ssh._tcp","data":{"priority":10,"weight":5,"port":22,"target":"ssh.example.test"}}""");
        Assert.Equal(("5 22 ssh.example.test", 10), (srv.Text("content"), srv.Result["priority"]!.GetValue<int>()));
        Assert.Equal(22, srv.Result["data"]!["port"]!.GetValue<int>());
        var edited = await _host.SendAsync(HttpMethod.Patch, $"{_records}/{srv.Text("id")}",
            """{"data":{"priority":1,"weight":2,"port":2222,"target":"ssh.example.test"}}""");
        Assert.Equal("2 2222 ssh.example.test", edited.Text("content"));
        var caa = await _host.SendAsync(HttpMethod.Post, _records,
            """{"type":"CAA","name":"@","data":{"flags":0,"tag":"issue","value":"ca.example.net"}}""");
        Assert.Equal("0 issue \"ca.example.net\"", caa.Text("content"));
        (await _host.SendAsync(HttpMethod.Post, _records, """{"type":"MX","name":"@","content":"mx.example.net"}"""))
            .AssertError(HttpStatusCode.BadRequest, 1004);
    }

    [Fact]
    public async Task The_records_are_exported_as_a_zone_file()
    {
        await AddAsync("a");
        await _host.SendAsync(HttpMethod.Post, _records, """{"type":"MX","name":"@","content":"mx.example.net","priority":5}""");
        await _host.SendAsync(HttpMethod.Post, _records, """{"type":"TXT","name":"t","content":"say \"hi\""}""");

        using var response = await _host.Client.GetAsync(new Uri($"{_records}/export", UriKind.Relative));

        Assert.Equal("text/plain", response.Content.Headers.ContentType?.MediaType);
        var file = await response.Content.ReadAsStringAsync();
        Assert.Contains("a.example.test.\t1\tIN\tCNAME\tx.example.net.\n", file, StringComparison.Ordinal);
        Assert.Contains("example.test.\t1\tIN\tMX\t5 mx.example.net.\n", file, StringComparison.Ordinal);
        Assert.Contains("t.example.test.\t1\tIN\tTXT\t\"say \\\"hi\\\"\"\n", file, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("comment.present", "a")]
    [InlineData("comment.absent", "b")]
    [InlineData("comment.contains=MIN", "a")]
    [InlineData("tag.present=owner", "a,b")]
    [InlineData("tag.absent=team", "b")]
    [InlineData("tag.exact=owner:alice", "a")]
    [InlineData("tag.startswith=owner:b", "b")]
    [InlineData("tag.exact=owner:bob&tag.present=team", "")]
    [InlineData("tag.exact=owner:bob&tag.present=team&tag_match=any", "a,b")]
    public async Task Comments_and_tags_filter(string query, string expected)
    {
        await _host.SendAsync(HttpMethod.Post, _records,
            """{"type":"CNAME","name":"a","content":"x.example.net","comment":"mine","tags":["owner:alice","team:red"]}""");
        await _host.SendAsync(HttpMethod.Post, _records,
            """{"type":"CNAME","name":"b","content":"x.example.net","tags":["owner:bob"]}""");
        var names = (await _host.GetAsync($"{_records}?{query}")).Result.AsArray().Select(r => r!["name"]!.GetValue<string>()[..1]);
        Assert.Equal(expected, string.Join(',', names));
    }

    private static JsonObject Cname(string name, string content) =>
        new() { ["type"] = "CNAME", ["name"] = name, ["content"] = content };

    private static JsonObject With(JsonObject record, string id)
    {
        record["id"] = id;
        return record;
    }

    private async Task<string> AddAsync(string name) =>
        (await _host.PostAsync(_records, Cname(name, "x.example.net"))).Text("id");

    private async Task<string> ContentsAsync() => string.Join(
        ',', (await _host.GetAsync(_records)).Result.AsArray().Select(r => r!["content"]!.GetValue<string>()));
}
