using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Tunnel.Edge.Api.Permissions;

namespace Tunnel.Edge.Tests.Api.Permissions;

public sealed partial class ApiPermissionsTests : IAsyncLifetime
{
    private ApiHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await ApiHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Every_route_refuses_a_token_that_has_no_permission_for_it()
    {
        string[] open =
        [
            "GET /client/v4/zones", "GET /client/v4/accounts", "GET /client/v4/user/tokens/verify",
            "GET /client/v4/memberships", "GET /client/v4/memberships/{membership}",
        ];
        var zone = await _host.AddZoneAsync();
        var token = await _host.AddTokenAsync(Policies.Allow($"com.cloudflare.api.user.{_host.Store.UserId}", "Memberships Read"));
        var refused = 0;
        foreach (var pattern in _host.Patterns.Where(p => !p.Contains("**", StringComparison.Ordinal)))
        {
            var path = Placeholder().Replace(pattern, m => m.Groups[1].Value switch
            {
                "account" => _host.Account,
                "zone" => zone,
                "record" or "apiToken" or "membership" or "nonce" => new string('0', 32),
                _ => Guid.Empty.ToString("D"),
            });
            foreach (var method in (string[])["GET", "POST", "PUT", "PATCH", "DELETE"])
            {
                if (open.Contains($"{method} {pattern}"))
                {
                    continue;
                }

                var answer = await _host.SendAsAsync(token, new HttpMethod(method), path, []);
                Assert.True(
                    answer.Status is HttpStatusCode.Forbidden or HttpStatusCode.MethodNotAllowed || answer.Code == 1000,
                    $"{method} {pattern}: {answer.Status} {answer.Envelope.ToJsonString()}");
                refused += answer.Status == HttpStatusCode.Forbidden ? 1 : 0;
            }
        }

        Assert.InRange(refused, 30, 1000);
    }

    [Fact]
    public void Every_group_that_a_route_asks_for_exists_and_each_is_asked_for_by_name()
    {
        var known = PermissionGroups.All.Select(g => g.Name).ToHashSet(StringComparer.Ordinal);
        var asked = typeof(ApiPermissions).GetFields().Select(f => f.GetValue(null)).OfType<ApiPermission>()
            .SelectMany(p => p.Reading.Concat(p.Writing)).Distinct().ToArray();
        Assert.Empty(asked.Except(known));
        Assert.Equal(PermissionGroups.All.Count, PermissionGroups.All.DistinctBy(g => g.Id).Count());
        Assert.Equal(PermissionGroups.All.Count, PermissionGroups.All.DistinctBy(g => (g.Name, g.Scope)).Count());
    }

    [Fact]
    public async Task A_token_sees_and_changes_only_the_zones_that_it_names()
    {
        var mine = await _host.AddZoneAsync("mine.test");
        var other = await _host.AddZoneAsync("other.test");
        var token = await _host.AddTokenAsync(
            Policies.Allow("com.cloudflare.api.account.zone." + mine, "Zone Read", "DNS Write"));

        var zones = (await _host.GetAsAsync(token, "zones")).Result.AsArray();
        Assert.Equal("mine.test", Assert.Single(zones)!["name"]!.GetValue<string>());
        Assert.True((await _host.GetAsAsync(token, $"zones/{mine}")).Success);
        (await _host.GetAsAsync(token, $"zones/{other}")).AssertError(HttpStatusCode.Forbidden, 9109);
        (await _host.GetAsAsync(token, $"zones/{new string('0', 32)}")).AssertError(HttpStatusCode.Forbidden, 9109);
        (await _host.GetAsAsync(token, $"zones/{other}/dns_records")).AssertError(HttpStatusCode.Forbidden, 10000);
        Assert.True((await _host.SendAsAsync(token, HttpMethod.Post, $"zones/{mine}/dns_records", Record("a.mine.test"))).Success);
        (await _host.SendAsAsync(token, HttpMethod.Post, $"zones/{other}/dns_records", Record("a.other.test")))
            .AssertError(HttpStatusCode.Forbidden, 10000);
        (await _host.SendAsAsync(token, HttpMethod.Delete, $"zones/{mine}")).AssertError(HttpStatusCode.Forbidden, 9109);
        (await _host.SendAsAsync(token, HttpMethod.Post, "zones", new JsonObject { ["name"] = "new.test" }))
            .AssertError(HttpStatusCode.Forbidden, 0);
    }

    [Fact]
    public async Task Reading_does_not_permit_writing_and_writing_permits_reading()
    {
        var reader = await _host.AddTokenAsync(Policies.Allow(Policies.AllAccounts, "Cloudflare Tunnel Read"));
        var writer = await _host.AddTokenAsync(Policies.Allow(
            "com.cloudflare.api.account." + _host.Account, "Cloudflare Tunnel Write"));
        var tunnels = $"accounts/{_host.Account}/cfd_tunnel";
        var tunnel = new JsonObject { ["name"] = "home" };
        (await _host.SendAsAsync(reader, HttpMethod.Post, tunnels, tunnel)).AssertError(HttpStatusCode.Forbidden, 10000);
        var id = (await _host.SendAsAsync(writer, HttpMethod.Post, tunnels, (JsonObject)tunnel.DeepClone())).Text("id");
        Assert.Single((await _host.GetAsAsync(writer, tunnels)).Result.AsArray());
        Assert.Single((await _host.GetAsAsync(reader, tunnels)).Result.AsArray());
        // The token of a tunnel is a secret that runs it.
        (await _host.GetAsAsync(reader, $"{tunnels}/{id}/token")).AssertError(HttpStatusCode.Forbidden, 10000);
        Assert.True((await _host.GetAsAsync(writer, $"{tunnels}/{id}/token")).Success);
    }

    [Fact]
    public async Task A_token_of_one_zone_does_not_open_another_nor_change_what_is_the_accounts()
    {
        var mine = await _host.AddZoneAsync("mine.test");
        await _host.AddZoneAsync("other.test");
        var token = await _host.AddTokenAsync(Policies.Allow(
            "com.cloudflare.api.account.zone." + mine, "Zone Read", "Access: Apps and Policies Write"));
        var app = await _host.PostAsync($"accounts/{_host.Account}/access/apps", new JsonObject
        {
            ["type"] = "self_hosted", ["domain"] = "ssh.mine.test",
            ["destinations"] = new JsonArray(
                new JsonObject { ["type"] = "public", ["uri"] = "ssh.mine.test" },
                new JsonObject { ["type"] = "public", ["uri"] = "ssh.other.test" }),
        });
        var path = $"zones/{mine}/access/apps/{app.Text("id")}";
        var bypass = new JsonObject
        {
            ["name"] = "all", ["decision"] = "bypass", ["include"] = new JsonArray(new JsonObject { ["everyone"] = new JsonObject() }),
        };

        Assert.True((await _host.GetAsAsync(token, path)).Success);
        (await _host.SendAsAsync(token, HttpMethod.Post, path + "/policies", bypass)).AssertError(HttpStatusCode.NotFound, 11021);
        (await _host.SendAsAsync(token, HttpMethod.Put, path, new JsonObject { ["type"] = "self_hosted", ["domain"] = "ssh.mine.test" })).AssertError(HttpStatusCode.NotFound, 11021);
        (await _host.SendAsAsync(token, HttpMethod.Delete, path)).AssertError(HttpStatusCode.NotFound, 11021);
        foreach (var accounts in (string[])["organizations", "groups", "service_tokens", "identity_providers"])
        {
            var method = accounts == "organizations" ? HttpMethod.Put : HttpMethod.Post;
            (await _host.SendAsAsync(token, method, $"zones/{mine}/access/{accounts}", [])).AssertError(HttpStatusCode.Forbidden, 10000);
        }
    }

    [Fact]
    public async Task A_denial_outweighs_what_another_policy_allows()
    {
        var open = await _host.AddZoneAsync("open.test");
        var closed = await _host.AddZoneAsync("closed.test");
        var token = await _host.AddTokenAsync(
            Policies.Allow(Policies.AllZones, "Zone Read", "DNS Read"),
            Policies.Deny("com.cloudflare.api.account.zone." + closed, "DNS Read"));
        Assert.True((await _host.GetAsAsync(token, $"zones/{open}/dns_records")).Success);
        (await _host.GetAsAsync(token, $"zones/{closed}/dns_records")).AssertError(HttpStatusCode.Forbidden, 10000);
        Assert.True((await _host.GetAsAsync(token, $"zones/{closed}")).Success);
    }

    [Fact]
    public async Task Zones_can_be_named_below_their_account()
    {
        var zone = await _host.AddZoneAsync();
        var ours = await _host.AddTokenAsync(Nested(_host.Account));
        var theirs = await _host.AddTokenAsync(Nested(new string('a', 32)));
        Assert.True((await _host.GetAsAsync(ours, $"zones/{zone}/dns_records")).Success);
        (await _host.GetAsAsync(theirs, $"zones/{zone}/dns_records")).AssertError(HttpStatusCode.Forbidden, 10000);

        static JsonObject Nested(string account) => Policies.Of(
            "allow",
            new JsonObject { ["com.cloudflare.api.account." + account] = new JsonObject { [Policies.AllZones] = "*" } },
            "DNS Read");
    }

    [Fact]
    public async Task Routing_a_hostname_takes_a_permission_in_the_zone_and_one_in_the_account()
    {
        var zone = await _host.AddZoneAsync();
        var tunnel = await _host.AddTunnelAsync();
        var dns = Policies.Allow(Policies.AllZones, "DNS Write");
        var account = Policies.Allow(Policies.AllAccounts, "Cloudflare Tunnel Write");
        var half = await _host.AddTokenAsync((JsonObject)dns.DeepClone());
        var other = await _host.AddTokenAsync((JsonObject)account.DeepClone());
        var both = await _host.AddTokenAsync(dns, account);
        var path = $"zones/{zone}/tunnels/{tunnel}/routes";
        (await _host.SendAsAsync(half, HttpMethod.Put, path, Route())).AssertError(HttpStatusCode.Forbidden, 10000);
        (await _host.SendAsAsync(other, HttpMethod.Put, path, Route())).AssertError(HttpStatusCode.Forbidden, 10000);
        Assert.True((await _host.SendAsAsync(both, HttpMethod.Put, path, Route())).Success);

        static JsonObject Route() => new() { ["type"] = "dns", ["user_hostname"] = "ssh.example.test" };
    }

    [Fact]
    public async Task Accounts_are_listed_to_tokens_that_may_read_their_settings()
    {
        var token = await _host.AddTokenAsync(Policies.Allow(Policies.AllAccounts, "Account Settings Read"));
        var blind = await _host.AddTokenAsync(Policies.Allow(Policies.AllAccounts, "Cloudflare Tunnel Read"));
        Assert.Single((await _host.GetAsAsync(token, "accounts")).Result.AsArray());
        Assert.True((await _host.GetAsAsync(token, $"accounts/{_host.Account}")).Success);
        Assert.Empty((await _host.GetAsAsync(blind, "accounts")).Result.AsArray());
        (await _host.GetAsAsync(blind, $"accounts/{_host.Account}")).AssertError(HttpStatusCode.Forbidden, 9109);
    }

    private static JsonObject Record(string name) =>
        new() { ["type"] = "CNAME", ["name"] = name, ["content"] = "b.example.com", ["ttl"] = 1 };

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Placeholder();
}
