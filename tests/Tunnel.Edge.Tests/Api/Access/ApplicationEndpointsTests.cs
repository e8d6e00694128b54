using System.Net;
using System.Text.Json.Nodes;

namespace Tunnel.Edge.Tests.Api.Access;

public sealed class ApplicationEndpointsTests : IAsyncLifetime
{
    private ApiHost _host = null!;
    private string _apps = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await ApiHost.StartAsync();
        await _host.AddZoneAsync();
        _apps = $"accounts/{_host.Account}/access/apps";
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task An_application_is_made_read_changed_and_removed()
    {
        var made = await _host.PostAsync(_apps, new JsonObject
        {
            ["name"] = "Shell", ["domain"] = "SSH.example.test", ["type"] = "ssh", ["session_duration"] = "2h45m",
            ["service_auth_401_redirect"] = true, ["allowed_idps"] = new JsonArray("a"),
        });
        Assert.Equal(HttpStatusCode.Created, made.Status);
        Assert.Matches("^[0-9a-f]{64}$", made.Text("aud"));
        Assert.Equal(("ssh.example.test", "2h45m", "ssh"), (made.Text("domain"), made.Text("session_duration"), made.Text("type")));
        Assert.Equal("""["ssh.example.test"]""", made.Result["self_hosted_domains"]!.ToJsonString());
        Assert.Equal("""[{"type":"public","uri":"ssh.example.test"}]""", made.Result["destinations"]!.ToJsonString());
        Assert.Equal("""["a"]""", made.Result["allowed_idps"]!.ToJsonString());
        var one = $"{_apps}/{made.Text("id")}";
        Assert.Equal(made.Result.ToJsonString(), (await _host.GetAsync(one)).Result.ToJsonString());
        var stored = Assert.Single(_host.Store.Snapshot.Applications);
        Assert.Equal((TimeSpan.FromMinutes(165), true), (stored.SessionDuration, stored.ServiceAuth401Redirect));
        Assert.Empty(stored.Policies);

        _host.Time.Advance(TimeSpan.FromMinutes(1));
        var changed = await _host.PutAsync(one, new JsonObject { ["name"] = "Web", ["domain"] = "web.example.test/admin/", ["type"] = "self_hosted" });
        Assert.Equal(("web.example.test/admin", "24h"), (changed.Text("domain"), changed.Text("session_duration")));
        Assert.Equal((made.Text("id"), made.Text("aud"), made.Text("created_at")), (changed.Text("id"), changed.Text("aud"), changed.Text("created_at")));
        Assert.NotEqual(made.Text("updated_at"), changed.Text("updated_at"));
        Assert.False(changed.Result["service_auth_401_redirect"]!.GetValue<bool>());

        Assert.Equal(made.Text("id"), (await _host.DeleteAsync(one)).Text("id"));
        (await _host.DeleteAsync(one)).AssertError(HttpStatusCode.NotFound, 11021);
        (await _host.GetAsync(one)).AssertError(HttpStatusCode.NotFound, 11021);
        Assert.Empty(_host.Store.Snapshot.Applications);
    }

    [Fact]
    public async Task What_the_edge_does_not_know_is_kept_through_a_read_and_write()
    {
        var made = await _host.PostAsync(_apps, new JsonObject
        {
            ["type"] = "self_hosted", ["domain"] = "ssh.example.test", ["future"] = new JsonObject { ["depth"] = new JsonArray(1.50m, "ü", null) },
            ["cors_headers"] = new JsonObject { ["max_age"] = 10 },
        });
        const string Future = """{"depth":[1.50,"\u00FC",null]}""";
        Assert.Equal(Future, made.Result["future"]!.ToJsonString());
        var written = await _host.PutAsync($"{_apps}/{made.Text("id")}", made.Result.DeepClone().AsObject());
        Assert.Equal(made.Result.ToJsonString(), written.Result.ToJsonString());
    }

    [Fact]
    public async Task Nobody_can_set_what_the_edge_gives_out()
    {
        var made = await _host.PostAsync(_apps, new JsonObject
        {
            ["type"] = "self_hosted", ["domain"] = "ssh.example.test", ["id"] = "mine", ["aud"] = "mine", ["created_at"] = "mine",
        });
        Assert.DoesNotContain("mine", made.Result.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Destinations_supersede_self_hosted_domains_and_private_ones_are_only_kept()
    {
        var made = await _host.PostAsync(_apps, new JsonObject
        {
            ["type"] = "self_hosted",
            ["destinations"] = JsonNode.Parse(
                """[{"type":"public","uri":"A.example.test"},{"uri":"*.b.example.test/x"},{"type":"private","cidr":"10.0.0.0/8"}]"""),
            ["self_hosted_domains"] = new JsonArray("c.example.test"),
        });
        Assert.Equal("a.example.test", made.Text("domain"));
        Assert.Equal(["a.example.test", "*.b.example.test/x"], Assert.Single(_host.Store.Snapshot.Applications).Domains);
        Assert.Equal(3, made.Result["destinations"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_domain_belongs_to_one_application()
    {
        await _host.PostAsync(_apps, new JsonObject { ["type"] = "self_hosted", ["domain"] = "a.example.test", ["self_hosted_domains"] = new JsonArray("b.example.test") });
        (await _host.PostAsync(_apps, new JsonObject { ["type"] = "self_hosted", ["domain"] = "B.example.test" })).AssertError(HttpStatusCode.Conflict, 11010);
        var other = await _host.PostAsync(_apps, new JsonObject { ["type"] = "self_hosted", ["domain"] = "b.example.test/path" });
        (await _host.PutAsync($"{_apps}/{other.Text("id")}", new JsonObject { ["type"] = "self_hosted", ["domain"] = "a.example.test" })).AssertError(HttpStatusCode.Conflict, 11010);
        Assert.Equal("b.example.test/path", (await _host.GetAsync($"{_apps}/{other.Text("id")}")).Text("domain"));
    }

    [Fact]
    public async Task Of_parallel_creates_of_one_domain_one_wins()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ =>
            _host.PostAsync(_apps, new JsonObject { ["type"] = "self_hosted", ["domain"] = "a.example.test" })));
        Assert.Single(answers, a => a.Success);
        Assert.Single(_host.Store.Snapshot.Applications);
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"type":"self_hosted","domain":"elsewhere.test"}""")]
    [InlineData("""{"type":"self_hosted","domain":"badexample.test"}""")]
    [InlineData("""{"type":"self_hosted","domain":"https://ssh.example.test"}""")]
    [InlineData("""{"type":"self_hosted","domain":"ssh.example.test:22"}""")]
    [InlineData("""{"domain":"ssh.example.test","type":"saas"}""")]
    [InlineData("""{"type":"self_hosted","domain":"ssh.example.test","session_duration":"a day"}""")]
    [InlineData("""{"type":"self_hosted","domain":"ssh.example.test","destinations":["x"]}""")]
    [InlineData("""{"type":"self_hosted","domain":"ssh.example.test","destinations":[{"type":"public","uri":"web.example.test"}]}""")]
    [InlineData("""{"domain":"ssh.example.test","type":"warp"}""")]
    [InlineData("""{"type":"self_hosted","domain":"ssh.example.test","allowed_idps":"a"}""")]
    [InlineData("""{"type":"self_hosted","domain":"ssh.example.test","app_launcher_visible":"yes"}""")]
    [InlineData("""{"type":"self_hosted","domain":"ssh.example.test","same_site_cookie_attribute":"some"}""")]
    [InlineData("""{"type":"self_hosted","domain":"ssh.example.test","custom_deny_url":"javascript:alert(1)"}""")]
    [InlineData("""{"type":"self_hosted","domain":"ssh.example.test","custom_deny_url":"//example.com"}""")]
    [InlineData("""{"type":"self_hosted","domain":"ssh.example.test","tags":[1]}""")]
    [InlineData("""{"type":"self_hosted","domain":"ssh.example.test","read_service_tokens_from_header":"Cookie"}""")]
    [InlineData("""{"type":"self_hosted","domain":"ssh.example.test","read_service_tokens_from_header":"X: y"}""")]
    [InlineData("""{"type":"self_hosted","domain":"ssh.example.test","options_preflight_bypass":true,"cors_headers":{"allow_all_origins":true}}""")]
    [InlineData("""{"type":"self_hosted","domain":"ssh.example.test","scim_config":{"idp_uid":"x","remote_uri":"https://example.com"}}""")]
    [InlineData("""{"type":"self_hosted","domain":"ssh.example.test","policies":[5]}""")]
    [InlineData("""{"type":"self_hosted","domain":"ssh.example.test","policies":["8bd1d8a2-7f6f-4bd0-9d5c-40ee0bf0e2b1"]}""")]
    [InlineData("""{"type":"self_hosted","domain":"ssh.example.test","policies":[{"name":"x","decision":"allow"}]}""")]
    public async Task A_senseless_application_is_refused_and_nothing_is_stored(string body)
    {
        (await _host.SendAsync(HttpMethod.Post, _apps, body)).AssertError(HttpStatusCode.BadRequest, 12130);
        Assert.Empty(_host.Store.Applications.List());
    }

    [Fact]
    public async Task Policies_can_come_with_the_application_and_are_replaced_as_a_list()
    {
        var made = await _host.PostAsync(_apps, new JsonObject
        {
            ["type"] = "self_hosted", ["domain"] = "ssh.example.test", ["policies"] = new JsonArray(PolicyEndpointsTests.Everyone("one"), PolicyEndpointsTests.Everyone("two")),
        });
        var policies = made.Result["policies"]!.AsArray();
        Assert.Equal(["one 1", "two 2"], policies.Select(p => $"{p!["name"]} {p["precedence"]}"));
        var one = $"{_apps}/{made.Text("id")}";

        // Left out: they stay.
        var kept = await _host.PutAsync(one, new JsonObject { ["type"] = "self_hosted", ["domain"] = "ssh.example.test" });
        Assert.Equal(policies.ToJsonString(), kept.Result["policies"]!.ToJsonString());

        // By id, in another order, with a new one between.
        var ids = policies.Select(p => p!["id"]!.GetValue<string>()).ToArray();
        var changed = await _host.PutAsync(one, new JsonObject
        {
            ["type"] = "self_hosted", ["domain"] = "ssh.example.test",
            ["policies"] = new JsonArray(ids[1], PolicyEndpointsTests.Everyone("new"), new JsonObject { ["id"] = ids[0], ["precedence"] = 9 }),
        });
        Assert.Equal(["two 1", "new 2", "one 9"], changed.Result["policies"]!.AsArray().Select(p => $"{p!["name"]} {p["precedence"]}"));
        Assert.Equal(ids[1], changed.Result["policies"]![0]!["id"]!.GetValue<string>());

        var none = await _host.PutAsync(one, new JsonObject { ["type"] = "self_hosted", ["domain"] = "ssh.example.test", ["policies"] = new JsonArray() });
        Assert.Empty(none.Result["policies"]!.AsArray());
        (await _host.GetAsync($"{one}/policies/{ids[0]}")).AssertError(HttpStatusCode.NotFound, 12083);
    }

    [Fact]
    public async Task A_change_writes_the_whole_application_and_needs_its_type()
    {
        var made = await _host.PostAsync(_apps, new JsonObject
        {
            ["type"] = "ssh", ["domain"] = "ssh.example.test", ["session_duration"] = "1h", ["custom_deny_message"] = "No.",
        });
        var one = $"{_apps}/{made.Text("id")}";

        var refused = await _host.PutAsync(one, new JsonObject { ["domain"] = "ssh.example.test" });
        refused.AssertError(HttpStatusCode.BadRequest, 12130);
        Assert.Equal(("ssh", "1h"), ((await _host.GetAsync(one)).Text("type"), (await _host.GetAsync(one)).Text("session_duration")));

        var changed = await _host.PutAsync(one, new JsonObject { ["type"] = "ssh", ["domain"] = "ssh.example.test" });
        Assert.Equal("24h", changed.Text("session_duration"));
        Assert.False(changed.Result.AsObject().ContainsKey("custom_deny_message"));
    }

    [Fact]
    public async Task Its_settings_are_kept_and_answered_back_and_the_gateway_reads_them()
    {
        const string Settings = """
            {
                "allowed_idps":["one","two"],"auto_redirect_to_identity":true,"app_launcher_visible":false,
                "custom_deny_message":"Ask the desk.","custom_deny_url":"https://example.com/desk",
                "custom_non_identity_deny_url":"https://example.com/machines","http_only_cookie_attribute":false,
                "same_site_cookie_attribute":"strict","path_cookie_attribute":true,"enable_binding_cookie":true,
                "service_auth_401_redirect":true,"skip_interstitial":true,"tags":["lab"],"logo_url":"https://example.com/l.png"
            }
            """;
        var body = JsonNode.Parse(Settings)!.AsObject();
        (body["type"], body["domain"]) = ("self_hosted", "ssh.example.test");
        var made = await _host.PostAsync(_apps, body);
        foreach (var (name, value) in JsonNode.Parse(Settings)!.AsObject())
        {
            Assert.Equal(value!.ToJsonString(), made.Result[name]!.ToJsonString());
        }

        var settings = _host.Store.Snapshot.Applications.Single().Settings;
        Assert.Equal(["one", "two"], settings.AllowedIdentityProviders);
        Assert.Equal(("Ask the desk.", "https://example.com/desk"), (settings.DenyMessage, settings.DenyAddress?.AbsoluteUri));
        Assert.Equal((false, true, true), (settings.CookieIsHttpOnly, settings.CookieIsBoundToPath, settings.AutoRedirectToIdentity));
    }

    [Fact]
    public async Task An_application_is_found_by_its_audience_too()
    {
        var made = await _host.PostAsync(_apps, new JsonObject { ["type"] = "self_hosted", ["domain"] = "ssh.example.test" });
        var one = $"{_apps}/{made.Text("aud")}";
        Assert.Equal(made.Text("id"), (await _host.GetAsync(one)).Text("id"));
        Assert.Equal("web.example.test", (await _host.PutAsync(one, new JsonObject { ["type"] = "self_hosted", ["domain"] = "web.example.test" })).Text("domain"));
        Assert.Equal(HttpStatusCode.Created, (await _host.PostAsync($"{one}/policies", PolicyEndpointsTests.Everyone("x"))).Status);
        Assert.Equal(made.Text("id"), (await _host.DeleteAsync(one)).Text("id"));
        (await _host.GetAsync(one)).AssertError(HttpStatusCode.NotFound, 11021);
        (await _host.GetAsync($"{_apps}/{new string('a', 63)}")).AssertError(HttpStatusCode.NotFound, 7003);
    }

    [Fact]
    public async Task Two_of_its_settings_are_changed_by_themselves()
    {
        var made = await _host.PostAsync(_apps, new JsonObject { ["type"] = "self_hosted", ["domain"] = "ssh.example.test", ["tags"] = new JsonArray("lab") });
        var settings = $"{_apps}/{made.Text("id")}/settings";
        var patched = await _host.PatchAsync(settings, new JsonObject { ["skip_interstitial"] = true });
        Assert.Equal("""{"allow_iframe":false,"skip_interstitial":true}""", patched.Result.ToJsonString());
        var put = await _host.PutAsync(settings, new JsonObject { ["allow_iframe"] = true });
        Assert.Equal("""{"allow_iframe":true,"skip_interstitial":false}""", put.Result.ToJsonString());
        var read = await _host.GetAsync($"{_apps}/{made.Text("id")}");
        Assert.Equal(("true", """["lab"]"""), (read.Result["allow_iframe"]!.ToJsonString(), read.Result["tags"]!.ToJsonString()));
    }

    [Fact]
    public async Task Revoking_its_tokens_is_answered_and_an_unknown_one_has_none()
    {
        var made = await _host.PostAsync(_apps, new JsonObject { ["type"] = "self_hosted", ["domain"] = "ssh.example.test" });
        var answer = await _host.PostAsync($"{_apps}/{made.Text("id")}/revoke_tokens");
        Assert.Equal((HttpStatusCode.Accepted, "{}"), (answer.Status, answer.Result.ToJsonString()));
        (await _host.PostAsync($"{_apps}/{Guid.NewGuid()}/revoke_tokens")).AssertError(HttpStatusCode.NotFound, 11021);
        (await _host.GetAsync($"{_apps}/{made.Text("id")}/revoke_tokens")).AssertError(HttpStatusCode.MethodNotAllowed, 7001);
    }

    [Theory]
    [InlineData("name=shell", "ssh.example.test")]
    [InlineData("domain=web", "web.example.test")]
    [InlineData("domain=web&exact=true", "")]
    [InlineData("domain=web.example.test&exact=true", "web.example.test")]
    [InlineData("search=ssh", "ssh.example.test")]
    [InlineData("aud=0", "")]
    public async Task Filters_choose(string query, string expected)
    {
        await _host.PostAsync(_apps, new JsonObject { ["name"] = "Shell", ["type"] = "self_hosted", ["domain"] = "ssh.example.test" });
        await _host.PostAsync(_apps, new JsonObject { ["type"] = "self_hosted", ["domain"] = "web.example.test" });
        var domains = (await _host.GetAsync($"{_apps}?{query}")).Result.AsArray().Select(a => a!["domain"]!.GetValue<string>());
        Assert.Equal(expected, string.Join(',', domains));
    }
}
