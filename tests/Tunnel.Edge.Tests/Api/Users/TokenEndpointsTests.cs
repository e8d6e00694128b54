using System.Net;
using System.Text.Json.Nodes;
using Tunnel.Edge.Tests.Api.Permissions;

namespace Tunnel.Edge.Tests.Api.Users;

public sealed class TokenEndpointsTests : IAsyncLifetime
{
    private ApiHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await ApiHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("user/tokens")]
    [InlineData("accounts/{account}/tokens")]
    public async Task A_token_is_made_read_changed_rolled_and_removed(string pattern)
    {
        var root = Root(pattern);
        var made = await _host.PostAsync(root, Token("deploy"));
        var id = made.Text("id");
        var value = made.Text("value");
        Assert.Matches("^[0-9a-f]{32}$", id);
        Assert.Matches("^[A-Za-z0-9_-]{40}$", value);
        Assert.True((await _host.GetAsAsync(value, "zones")).Success);

        var read = await _host.GetAsync($"{root}/{id}");
        Assert.Null(read.Result["value"]);
        Assert.Equal("active", read.Text("status"));
        Assert.NotNull(read.Result["last_used_on"]);
        Assert.Equal("2026-03-04T05:06:07Z", read.Text("issued_on"));
        var policy = read.Result["policies"]![0]!;
        Assert.Equal("Zone Read", policy["permission_groups"]![0]!["name"]!.GetValue<string>());
        Assert.Matches("^[0-9a-f]{32}$", policy["id"]!.GetValue<string>());
        Assert.Contains((await _host.GetAsync(root)).Result.AsArray(), t => t!["id"]!.GetValue<string>() == id);

        var changed = Token("deployer");
        changed["status"] = "disabled";
        Assert.Equal("disabled", (await _host.PutAsync($"{root}/{id}", changed)).Text("status"));
        (await _host.GetAsAsync(value, "zones")).AssertError(HttpStatusCode.Forbidden, 10000);
        changed["status"] = "active";
        Assert.Equal("deployer", (await _host.PutAsync($"{root}/{id}", changed)).Text("name"));

        var rolled = (await _host.PutAsync($"{root}/{id}/value", [])).Result.GetValue<string>();
        Assert.NotEqual(value, rolled);
        (await _host.GetAsAsync(value, "zones")).AssertError(HttpStatusCode.Forbidden, 10000);
        Assert.True((await _host.GetAsAsync(rolled, "zones")).Success);

        Assert.Equal(id, (await _host.DeleteAsync($"{root}/{id}")).Text("id"));
        (await _host.GetAsAsync(rolled, "zones")).AssertError(HttpStatusCode.Forbidden, 10000);
        (await _host.GetAsync($"{root}/{id}")).AssertError(HttpStatusCode.NotFound, 1003);
        (await _host.DeleteAsync($"{root}/{id}")).AssertError(HttpStatusCode.NotFound, 1003);
    }

    [Fact]
    public async Task Tokens_of_the_user_and_of_the_account_do_not_mix()
    {
        var owned = await _host.PostAsync(Root("accounts/{account}/tokens"), Token("ci"));
        (await _host.GetAsync($"user/tokens/{owned.Text("id")}")).AssertError(HttpStatusCode.NotFound, 1003);
        Assert.True((await _host.GetAsAsync(owned.Text("value"), Root("accounts/{account}/tokens/verify"))).Success);
        (await _host.GetAsAsync(owned.Text("value"), "user/tokens/verify")).AssertError(HttpStatusCode.Unauthorized, 1000);
        var user = await _host.GetAsAsync(owned.Text("value"), "user");
        user.AssertError(HttpStatusCode.Forbidden, 9109);
        Assert.Contains("user-level", user.Message, StringComparison.Ordinal);
        (await _host.GetAsAsync(await _host.AddTokenAsync(Read()), Root("accounts/{account}/tokens/verify")))
            .AssertError(HttpStatusCode.Unauthorized, 1000);
        (await _host.PostAsync(Root("accounts/{account}/tokens"), Token("x", Policies.Allow(
            "com.cloudflare.api.user." + _host.Store.UserId, "User Details Read")))).AssertError(HttpStatusCode.BadRequest, 1001);
    }

    [Fact]
    public async Task A_token_is_good_for_the_time_and_the_addresses_that_it_names()
    {
        var body = Token("timed");
        body["not_before"] = ApiText(_host.Time.GetUtcNow().AddHours(1));
        body["expires_on"] = ApiText(_host.Time.GetUtcNow().AddHours(2));
        var timed = (await _host.PostAsync("user/tokens", body)).Text("value");
        (await _host.GetAsAsync(timed, "zones")).AssertError(HttpStatusCode.Forbidden, 10000);
        _host.Time.Advance(TimeSpan.FromMinutes(61));
        Assert.True((await _host.GetAsAsync(timed, "zones")).Success);
        var seen = await _host.GetAsAsync(timed, "user/tokens/verify");
        Assert.NotNull(seen.Result["not_before"]);
        Assert.NotNull(seen.Result["expires_on"]);
        _host.Time.Advance(TimeSpan.FromHours(1));
        (await _host.GetAsAsync(timed, "zones")).AssertError(HttpStatusCode.Forbidden, 10000);
        Assert.DoesNotContain((await _host.GetAsync("user/tokens")).Result.AsArray(), t => t!["name"]!.GetValue<string>() == "timed");
        var all = (await _host.GetAsync("user/tokens?include_expired=true")).Result.AsArray();
        Assert.Equal("expired", all.Single(t => t!["name"]!.GetValue<string>() == "timed")!["status"]!.GetValue<string>());

        Assert.True((await _host.GetAsAsync(await FromAsync("in", "127.0.0.0/8"), "zones")).Success);
        (await _host.GetAsAsync(await FromAsync("in", "192.0.2.0/24"), "zones")).AssertError(HttpStatusCode.Forbidden, 9109);
        (await _host.GetAsAsync(await FromAsync("not_in", "127.0.0.1"), "zones")).AssertError(HttpStatusCode.Forbidden, 9109);
        Assert.True((await _host.GetAsAsync(await FromAsync("not_in", "192.0.2.0/24"), "zones")).Success);

        async Task<string> FromAsync(string name, string range)
        {
            var body = Token("located");
            body["condition"] = new JsonObject { ["request_ip"] = new JsonObject { [name] = new JsonArray(range) } };
            var answer = await _host.PostAsync("user/tokens", body);
            Assert.NotNull(answer.Result["condition"]!["request_ip"]![name]);
            return answer.Text("value");
        }
    }

    [Theory]
    [InlineData("""{"policies":[]}""")]
    [InlineData("""{"name":"x"}""")]
    [InlineData("""{"name":"x","policies":[]}""")]
    [InlineData("""{"name":"x","policies":[7]}""")]
    [InlineData("""{"name":"x","policies":[{"effect":"allow","resources":{"com.cloudflare.api.account.*":"*"},"permission_groups":[]}]}""")]
    [InlineData("""{"name":"x","policies":[{"effect":"allow","resources":{"com.cloudflare.api.account.*":"*"},"permission_groups":[{"id":"nope"}]}]}""")]
    [InlineData("""{"name":"x","policies":[{"effect":"perhaps","resources":{"com.cloudflare.api.account.*":"*"},"permission_groups":[{"id":"c07321b023e944ff818fec44d8203567"}]}]}""")]
    [InlineData("""{"name":"x","policies":[{"effect":"allow","resources":{},"permission_groups":[{"id":"c07321b023e944ff818fec44d8203567"}]}]}""")]
    [InlineData("""{"name":"x","policies":[{"effect":"allow","resources":{"com.cloudflare.api.everything.*":"*"},"permission_groups":[{"id":"c07321b023e944ff818fec44d8203567"}]}]}""")]
    [InlineData("""{"name":"x","policies":[{"effect":"allow","resources":{"com.cloudflare.api.account.*":"some"},"permission_groups":[{"id":"c07321b023e944ff818fec44d8203567"}]}]}""")]
    [InlineData("""{"name":"x","policies":[{"id":"beefcafe1337beefcafe1337beefcafe","effect":"allow","resources":{"com.cloudflare.api.account.*":"*"},"permission_groups":[{"id":"c07321b023e944ff818fec44d8203567"}]}]}""")]
    public async Task A_body_that_is_no_token_is_400(string body) =>
        (await _host.SendAsync(HttpMethod.Post, "user/tokens", body)).AssertError(HttpStatusCode.BadRequest, 1001);

    [Theory]
    [InlineData("""{"request_ip":{"in":["everywhere"]}}""")]
    [InlineData("""{"request_ip":{"in":"127.0.0.1"}}""")]
    [InlineData("""{"request_ip":7}""")]
    public async Task A_condition_that_cannot_be_kept_is_refused(string condition)
    {
        var body = Token("x");
        body["condition"] = JsonNode.Parse(condition);
        (await _host.PostAsync("user/tokens", body)).AssertError(HttpStatusCode.BadRequest, 1001);
    }

    [Fact]
    public async Task Permission_groups_are_listed_by_name_and_scope()
    {
        var all = (await _host.GetAsync("user/tokens/permission_groups")).Result.AsArray();
        Assert.Contains(all, g => g!["scopes"]![0]!.GetValue<string>() == "com.cloudflare.api.user");
        var named = (await _host.GetAsync("user/tokens/permission_groups?name=Zone%20Read")).Result.AsArray();
        Assert.Equal("c8fed203ed3043cba015a93ad1616f1f", Assert.Single(named)!["id"]!.GetValue<string>());
        var zone = await _host.GetAsync(Root("accounts/{account}/tokens/permission_groups?scope=com.cloudflare.api.account.zone"));
        Assert.All(zone.Result.AsArray(), g => Assert.Equal("com.cloudflare.api.account.zone", g!["scopes"]![0]!.GetValue<string>()));
    }

    [Fact]
    public async Task The_administrators_token_is_listed_with_all_that_it_may_do()
    {
        var admin = Assert.Single((await _host.GetAsync("user/tokens")).Result.AsArray())!;
        Assert.Equal("admin", admin["name"]!.GetValue<string>());
        Assert.Equal(3, admin["policies"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_change_of_the_administrators_token_takes_from_it_what_the_change_does_not_name()
    {
        var id = (await _host.GetAsync("user/tokens/verify")).Text("id");
        Assert.True((await _host.PutAsync($"user/tokens/{id}", Token("admin"))).Success);
        (await _host.GetAsync("user/tokens")).AssertError(HttpStatusCode.Forbidden, 9109);
        Assert.True((await _host.GetAsync("zones")).Success);
    }

    [Fact]
    public async Task The_user_and_the_membership_are_shown()
    {
        Assert.Equal(_host.Store.UserId, (await _host.GetAsync("user")).Text("id"));
        var membership = Assert.Single((await _host.GetAsync("memberships")).Result.AsArray())!;
        Assert.Equal(_host.Account, membership["account"]!["id"]!.GetValue<string>());
        Assert.Equal("accepted", (await _host.GetAsync($"memberships/{membership["id"]!.GetValue<string>()}")).Text("status"));
        Assert.Empty((await _host.GetAsync("memberships?status=pending")).Result.AsArray());
    }

    private static JsonObject Read() => Policies.Allow(Policies.AllZones, "Zone Read");

    private static JsonObject Token(string name, JsonObject? policy = null) =>
        new() { ["name"] = name, ["policies"] = new JsonArray(policy ?? Read()) };

    private static string ApiText(DateTimeOffset time) => time.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);

    private string Root(string pattern) => pattern.Replace("{account}", _host.Account, StringComparison.Ordinal);
}
