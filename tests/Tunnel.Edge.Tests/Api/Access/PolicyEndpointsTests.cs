using System.Net;
using System.Text.Json.Nodes;
using Tunnel.Access;

namespace Tunnel.Edge.Tests.Api.Access;

public sealed class PolicyEndpointsTests : IAsyncLifetime
{
    private ApiHost _host = null!;
    private string _policies = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await ApiHost.StartAsync();
        await _host.AddZoneAsync();
        var apps = $"accounts/{_host.Account}/access/apps";
        var app = await _host.PostAsync(apps, new JsonObject { ["type"] = "self_hosted", ["domain"] = "ssh.example.test" });
        _policies = $"{apps}/{app.Text("id")}/policies";
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    public static JsonObject Everyone(string name, int? precedence = null)
    {
        var policy = new JsonObject
        {
            ["name"] = name, ["decision"] = "allow", ["include"] = new JsonArray(new JsonObject { ["everyone"] = new JsonObject() }),
        };
        if (precedence is not null)
        {
            policy["precedence"] = precedence;
        }

        return policy;
    }

    [Fact]
    public async Task A_policy_is_made_read_changed_and_removed_and_the_gateway_sees_each_step()
    {
        var made = await _host.PostAsync(_policies, Everyone("all"));
        Assert.Equal((HttpStatusCode.Created, 1), (made.Status, made.Result["precedence"]!.GetValue<int>()));
        Assert.Equal("[]", made.Result["require"]!.ToJsonString());
        Assert.Equal(AccessDecision.Allow, Policies().Single().Decision);
        var one = $"{_policies}/{made.Text("id")}";
        Assert.Equal(made.Result.ToJsonString(), (await _host.GetAsync(one)).Result.ToJsonString());

        var changed = await _host.PutAsync(one, new JsonObject
        {
            ["name"] = "robots", ["decision"] = "non_identity", ["session_duration"] = "1h",
            ["include"] = new JsonArray(new JsonObject { ["any_valid_service_token"] = new JsonObject() }),
            ["exclude"] = new JsonArray(new JsonObject { ["ip"] = new JsonObject { ["ip"] = "10.0.0.0/8" } }),
        });
        Assert.Equal((made.Text("id"), 1), (changed.Text("id"), changed.Result["precedence"]!.GetValue<int>()));
        var policy = Policies().Single();
        Assert.Equal((AccessDecision.NonIdentity, "1h", 1), (policy.Decision, policy.SessionDuration, policy.Exclude.Count));

        Assert.Equal(made.Text("id"), (await _host.DeleteAsync(one)).Text("id"));
        Assert.Empty(Policies());
        (await _host.DeleteAsync(one)).AssertError(HttpStatusCode.NotFound, 12083);
        (await _host.PutAsync(one, Everyone("x"))).AssertError(HttpStatusCode.NotFound, 12083);
    }

    [Fact]
    public async Task Precedence_is_the_next_one_unless_given_and_is_unique()
    {
        await _host.PostAsync(_policies, Everyone("first"));
        await _host.PostAsync(_policies, Everyone("seventh", 7));
        Assert.Equal(8, (await _host.PostAsync(_policies, Everyone("next"))).Result["precedence"]!.GetValue<int>());
        (await _host.PostAsync(_policies, Everyone("clash", 7))).AssertError(HttpStatusCode.BadRequest, 12130);
        var second = await _host.PostAsync(_policies, Everyone("second", 2));
        (await _host.PutAsync($"{_policies}/{second.Text("id")}", Everyone("second", 1))).AssertError(HttpStatusCode.BadRequest, 12130);
        Assert.Equal(["first", "second", "seventh", "next"], Policies().Select(p => p.Name));
        var listed = (await _host.GetAsync(_policies)).Result.AsArray();
        Assert.Equal(["first", "second", "seventh", "next"], listed.Select(p => p!["name"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Parallel_creates_get_precedences_of_their_own()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => _host.PostAsync(_policies, Everyone($"p{i}"))));
        Assert.Equal(Enumerable.Range(1, 20), answers.Select(a => a.Result["precedence"]!.GetValue<int>()).Order());
    }

    [Fact]
    public async Task Unknown_selectors_and_properties_survive()
    {
        var body = Everyone("future");
        const string Include = """[{"country":{"country_code":"CH"}},{"new_thing":{"a":[1,2]}}]""";
        body["include"] = JsonNode.Parse(Include);
        body["approval_groups"] = new JsonArray(new JsonObject { ["approvals_needed"] = 1 });
        var made = await _host.PostAsync(_policies, body);
        Assert.Equal(Include, made.Result["include"]!.ToJsonString());
        Assert.Equal("""[{"approvals_needed":1}]""", made.Result["approval_groups"]!.ToJsonString());
        var written = await _host.PutAsync($"{_policies}/{made.Text("id")}", made.Result.DeepClone().AsObject());
        Assert.Equal(made.Result.ToJsonString(), written.Result.ToJsonString());
        Assert.All(Policies().Single().Include, rule => Assert.IsType<UnknownRule>(rule));
    }

    [Theory]
    [InlineData("""{"name":"x","decision":"permit","include":[{"everyone":{}}]}""")]
    [InlineData("""{"name":"x","include":[{"everyone":{}}]}""")]
    [InlineData("""{"decision":"allow","include":[{"everyone":{}}]}""")]
    [InlineData("""{"name":"x","decision":"allow"}""")]
    [InlineData("""{"name":"x","decision":"allow","include":[]}""")]
    [InlineData("""{"name":"x","decision":"allow","include":["everyone"]}""")]
    [InlineData("""{"name":"x","decision":"allow","include":[{"email":{"email":5}}]}""")]
    [InlineData("""{"name":"x","decision":"allow","include":[{"everyone":{}}],"require":[{"ip":{"ip":"10.0.0.0/99"}}]}""")]
    [InlineData("""{"name":"x","decision":"allow","include":[{"everyone":{}}],"exclude":{}}""")]
    [InlineData("""{"name":"x","decision":"allow","include":[{"everyone":{}}],"precedence":-1}""")]
    [InlineData("""{"name":"x","decision":"allow","include":[{"everyone":{}}],"precedence":"first"}""")]
    [InlineData("""{"name":"x","decision":"allow","include":[{"everyone":{}}],"session_duration":"soon"}""")]
    [InlineData("""{"name":"x","decision":"allow","include":[{"everyone":{}}],"approval_groups":[{"approvals_needed":-1}]}""")]
    [InlineData("""{"name":"x","decision":"allow","include":[{"everyone":{}}],"approval_groups":[{"approvals_needed":1,"email_addresses":["boss"]}]}""")]
    [InlineData("""{"name":"x","decision":"allow","include":[{"everyone":{}}],"approval_groups":[{"approvals_needed":1,"email_list_uuid":"people"}]}""")]
    public async Task A_senseless_policy_is_refused(string body)
    {
        (await _host.SendAsync(HttpMethod.Post, _policies, body)).AssertError(HttpStatusCode.BadRequest, 12130);
        Assert.Empty(Policies());
    }

    [Fact]
    public async Task Policies_of_an_unknown_application_are_404()
    {
        var path = $"accounts/{_host.Account}/access/apps/{Guid.NewGuid()}/policies";
        (await _host.GetAsync(path)).AssertError(HttpStatusCode.NotFound, 11021);
        (await _host.PostAsync(path, Everyone("x"))).AssertError(HttpStatusCode.NotFound, 11021);
    }

    private IReadOnlyList<AccessPolicy> Policies() => _host.Store.Snapshot.Applications.Single().Policies;
}
