using System.Net;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Tests.Api.Access;

public sealed class AccessRequestEndpointsTests : IAsyncLifetime
{
    private static readonly Guid App = Guid.Parse("22222222-2222-2222-2222-222222222222");

    private ApiHost _host = null!;
    private string _requests = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await ApiHost.StartAsync();
        _requests = $"accounts/{_host.Account}/access/logs/access_requests";
        Append("a", allowed: true, email: "alice@example.com", country: "NL");
        Append("b", email: "bob@example.com");
        Append("c", allowed: true, token: "ci");
        Append("d");
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task An_entry_has_the_fields_of_the_API_and_is_there_as_soon_as_it_was_decided()
    {
        Append("e", allowed: true, email: "alice@example.com", country: "NL");
        var entry = (await _host.GetAsync($"{_requests}?limit=1")).Result[0]!;
        Assert.Equal("login", entry["action"]!.GetValue<string>());
        Assert.True(entry["allowed"]!.GetValue<bool>());
        Assert.Equal("ssh.example.test", entry["app_domain"]!.GetValue<string>());
        Assert.Equal(App.ToString(), entry["app_uid"]!.GetValue<string>());
        Assert.Equal("oidc", entry["connection"]!.GetValue<string>());
        Assert.Equal("2026-03-04T05:10:07.000000Z", entry["created_at"]!.GetValue<string>());
        Assert.Equal("192.0.2.1", entry["ip_address"]!.GetValue<string>());
        Assert.Equal("000000000000000e", entry["ray_id"]!.GetValue<string>());
        Assert.Equal("alice@example.com", entry["user_email"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("", "d c b a")]
    [InlineData("direction=asc", "a b c d")]
    [InlineData("limit=2", "d c")]
    [InlineData("per_page=2&page=2", "b a")]
    [InlineData("allowed=true", "c a")]
    [InlineData("allowed=true&allowedOp=neq", "d b")]
    [InlineData("email=@example.com", "b a")]
    [InlineData("email=alice", "a")]
    [InlineData("email=alice&email_exact=true", "")]
    [InlineData("email=alice@example.com&emailOp=eq", "a")]
    [InlineData("email=alice@example.com&emailOp=neq", "d c b")]
    [InlineData("email=example&emailOp=neq&email_exact=true", "d c b a")]
    [InlineData("country_code=nl", "a")]
    [InlineData("non_identity=true", "c")]
    [InlineData("idp=oidc", "b a")]
    [InlineData("app_uid=22222222-2222-2222-2222-222222222222", "d c b a")]
    [InlineData("app_uid=22222222-2222-2222-2222-222222222222&app_uidOp=neq", "")]
    [InlineData("ray_id=000000000000000B", "b")]
    [InlineData("since=2026-03-04T05:07:07Z&until=2026-03-04T05:08:07Z", "c b")]
    [InlineData("user_id=nobody", "")]
    [InlineData("user_id=nobody&user_idOp=neq", "d c b a")]
    public async Task Filters_choose(string query, string expected)
    {
        var answer = await _host.GetAsync($"{_requests}?{query}");
        Assert.Equal(expected, string.Join(' ', answer.Result.AsArray().Select(e => e!["reason"]!.GetValue<string>())));
    }

    [Fact]
    public async Task Fields_narrow_what_is_told()
    {
        var entry = (await _host.GetAsync($"{_requests}?limit=1&fields=ray_id,allowed")).Result[0]!.AsObject();
        Assert.Equal(["allowed", "ray_id"], entry.Select(p => p.Key));
    }

    [Theory]
    [InlineData("direction=up")]
    [InlineData("limit=none")]
    [InlineData("since=yesterday")]
    [InlineData("allowed=maybe")]
    [InlineData("allowedOp=is")]
    [InlineData("app_uid=x")]
    public async Task Senseless_filters_are_refused(string query) =>
        (await _host.GetAsync($"{_requests}?{query}")).AssertError(HttpStatusCode.BadRequest, 1004);

    private void Append(string name, bool allowed = false, string? email = null, string? token = null, string? country = null)
    {
        _host.Store.AccessRequests.Append(new AccessRequestEntry
        {
            CreatedAt = _host.Time.GetUtcNow(),
            Allowed = allowed,
            UserEmail = email,
            IpAddress = "192.0.2.1",
            Country = country,
            ApplicationId = App,
            ApplicationDomain = "ssh.example.test",
            Connection = token is not null ? AccessRequestEntry.NonIdentity : email is not null ? "oidc" : null,
            ServiceToken = token,
            Reason = name,
            RayId = name.PadLeft(16, '0'),
        });
        _host.Time.Advance(TimeSpan.FromMinutes(1));
    }
}
