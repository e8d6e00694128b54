using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace Tunnel.Edge.Tests.Api;

public sealed class EnvelopeTests : IAsyncLifetime
{
    private ApiHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await ApiHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("nothing")]
    [InlineData("zones/not-an-id")]
    [InlineData("zones/0123456789ABCDEF0123456789ABCDEF")]
    [InlineData("accounts/{account}/cfd_tunnel/not-a-uuid")]
    [InlineData("accounts/{account}/nothing")]
    [InlineData("zones/%20/dns_records")]
    public async Task Unknown_routes_and_malformed_identifiers_answer_alike(string path)
    {
        var answer = await _host.GetAsync(path.Replace("{account}", _host.Account, StringComparison.Ordinal));
        answer.AssertError(HttpStatusCode.NotFound, 7003);
        Assert.StartsWith("Could not route to /client/v4/", answer.Message, StringComparison.Ordinal);
        Assert.Equal(7000, answer.Envelope["errors"]![1]!["code"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_method_that_a_resource_lacks_is_405() =>
        (await _host.PatchAsync("zones", [])).AssertError(HttpStatusCode.MethodNotAllowed, 7001);

    [Fact]
    public async Task Verification_tells_the_state_of_the_token()
    {
        var answer = await _host.GetAsync("user/tokens/verify");
        Assert.Equal("active", answer.Text("status"));
        Assert.Matches("^[0-9a-f]{32}$", answer.Text("id"));
        Assert.Equal(answer.Text("id"), (await _host.GetAsync($"accounts/{_host.Account}/tokens/verify")).Text("id"));
    }

    [Fact]
    public async Task A_request_without_authorization_is_told_which_header_it_lacks()
    {
        using var client = new HttpClient { BaseAddress = _host.Client.BaseAddress };
        using var response = await client.GetAsync("accounts");
        (await ApiAnswer.ReadAsync(response)).AssertError(HttpStatusCode.BadRequest, 9106);
    }

    [Theory]
    [InlineData("Basic YTpi")]
    [InlineData("Bearer")]
    [InlineData("Bearer short")]
    [InlineData("Bearer with spaces in between and more")]
    [InlineData("0123456789012345678901234567890123456789")]
    public async Task A_malformed_authorization_is_400(string header) =>
        (await WithAsync("accounts", r => SetAuthorization(r, header))).AssertError(HttpStatusCode.BadRequest, 6003);

    [Fact]
    public async Task An_unknown_token_is_refused_everywhere()
    {
        const string Header = "Bearer 0123456789012345678901234567890123456789";
        (await WithAsync("accounts", r => SetAuthorization(r, Header))).AssertError(HttpStatusCode.Forbidden, 10000);
        (await WithAsync("user/tokens/verify", r => SetAuthorization(r, Header)))
            .AssertError(HttpStatusCode.Unauthorized, 1000);
    }

    [Fact]
    public async Task A_replaced_token_is_refused_at_once()
    {
        var token = _host.Store.ApiTokens.Issue("admin");
        (await _host.GetAsync("accounts")).AssertError(HttpStatusCode.Forbidden, 10000);
        Assert.True((await WithAsync("accounts", r => SetAuthorization(r, "Bearer " + token))).Success);
    }

    [Theory]
    [InlineData("rebound.example.com")]
    [InlineData("rebound.example.com:80")]
    [InlineData("127.0.0.1.example.com")]
    [InlineData("127.0.0.2")]
    public async Task A_request_that_names_another_host_is_refused_before_its_token_is_looked_at(string host) =>
        (await WithAsync("accounts", r => r.Headers.Host = host)).AssertError(HttpStatusCode.MisdirectedRequest, 6003);

    [Fact]
    public async Task Hosts_can_be_configured()
    {
        await using var host = await ApiHost.StartAsync(o => o with { AllowedHosts = ["edge.example.test:8443"] });
        var answer = await host.SendAsync(HttpMethod.Get, "accounts", change: r => r.Headers.Host = "EDGE.example.test:8443");
        Assert.True(answer.Success);
        answer = await host.SendAsync(HttpMethod.Get, "accounts", change: r => r.Headers.Host = "edge.example.test");
        answer.AssertError(HttpStatusCode.MisdirectedRequest, 6003);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("""{"name":"a.test","name":"b.test"}""")]
    [InlineData("""{"name":"\ud800"}""")]
    [InlineData("""{"a":[{"b":"\udc00"}]}""")]
    public async Task A_body_that_is_not_one_sound_object_is_400(string body) =>
        (await _host.SendAsync(HttpMethod.Post, "zones", body)).AssertError(HttpStatusCode.BadRequest, 9207);

    [Fact]
    public async Task A_body_that_is_nested_too_deep_is_400() => (await _host.SendAsync(
        HttpMethod.Post, "zones", string.Concat(Enumerable.Repeat("{\"a\":", 1000)) + "1" + new string('}', 1000)))
            .AssertError(HttpStatusCode.BadRequest, 9207);

    [Fact]
    public async Task A_body_beyond_the_limit_is_413_with_and_without_a_length()
    {
        await using var host = await ApiHost.StartAsync(o => o with { MaxBodyBytes = 1000 });
        var body = new JsonObject { ["name"] = new string('x', 1000) }.ToJsonString();
        (await host.SendAsync(HttpMethod.Post, "zones", body)).AssertError(HttpStatusCode.RequestEntityTooLarge, 413);
        var chunked = await host.SendAsync(HttpMethod.Post, "zones", body, r => r.Headers.TransferEncodingChunked = true);
        chunked.AssertError(HttpStatusCode.RequestEntityTooLarge, 413);
    }

    [Fact]
    public async Task Accounts_list_the_one_account()
    {
        var answer = await _host.GetAsync("accounts");
        Assert.Equal(_host.Account, Assert.Single(answer.Result.AsArray())!["id"]!.GetValue<string>());
        Assert.Equal("standard", (await _host.GetAsync($"accounts/{_host.Account}")).Text("type"));
        Assert.Empty((await _host.GetAsync("accounts?name=somebody")).Result.AsArray());
        (await _host.GetAsync($"accounts/{new string('0', 32)}")).AssertError(HttpStatusCode.Forbidden, 10000);
    }

    [Fact]
    public async Task Pages_are_counted_and_end_with_an_empty_one()
    {
        for (var i = 0; i < 7; i++)
        {
            await _host.AddZoneAsync($"zone{i}.test");
        }

        var second = await _host.GetAsync("zones?per_page=3&page=2");
        Assert.Equal(["zone3.test", "zone4.test", "zone5.test"], second.Result.AsArray().Select(z => z!["name"]!.GetValue<string>()));
        Assert.Equal("""{"page":2,"per_page":3,"count":3,"total_count":7,"total_pages":3}""", second.ResultInfo.ToJsonString());
        var last = await _host.GetAsync("zones?per_page=3&page=3");
        Assert.Equal(1, last.ResultInfo["count"]!.GetValue<int>());
        var beyond = await _host.GetAsync("zones?per_page=50&page=2000000000");
        Assert.Empty(beyond.Result.AsArray());
        Assert.Equal(7, beyond.ResultInfo["total_count"]!.GetValue<int>());
    }

    [Theory]
    [InlineData("page=0")]
    [InlineData("page=x")]
    [InlineData("per_page=-1")]
    [InlineData("per_page=99999999999")]
    public async Task Senseless_pages_are_400(string query) =>
        (await _host.GetAsync("zones?" + query)).AssertError(HttpStatusCode.BadRequest, 1004);

    private static void SetAuthorization(HttpRequestMessage request, string header)
    {
        request.Headers.Authorization = null;
        request.Headers.TryAddWithoutValidation("Authorization", header);
    }

    private async Task<ApiAnswer> WithAsync(string path, Action<HttpRequestMessage> change)
    {
        using var client = new HttpClient { BaseAddress = _host.Client.BaseAddress };
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _host.Store.InitialApiToken);
        change(request);
        using var response = await client.SendAsync(request);
        return await ApiAnswer.ReadAsync(response);
    }
}
