using System.Text;
using Tunnel.Core.Api;

namespace Tunnel.Core.Tests.Api;

public sealed class ErrorTests
{
    [Theory]
    [InlineData(403, 10000, "Authentication error", "token is not accepted")]
    [InlineData(400, 6003, "Invalid request headers", "malformed")]
    [InlineData(403, 9109, "Unauthorized to access requested resource", "Zone > Zone > Read")]
    [InlineData(400, 1061, "exists", "zone exists already")]
    [InlineData(404, 7003, "Could not route", "check the identifiers")]
    [InlineData(403, 0, "forbidden", "no permission")]
    [InlineData(404, 1001, "gone", "does not exist")]
    [InlineData(409, 0, "conflict", "exists")]
    public async Task Codes_become_advice(int status, int code, string message, string advice)
    {
        await using var server = await ScriptedApi.StartAsync((context, _) => ScriptedApi.ErrorAsync(context, status, code, message));
        using var api = server.Client();
        var e = await Assert.ThrowsAsync<TunnelApiException>(() => api.Zones.GetAsync("z1"));
        Assert.Equal(status, e.StatusCode);
        Assert.Equal(new ApiError(code, message), Assert.Single(e.Errors));
        Assert.Equal("GET zones/z1", e.Call);
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
        Assert.Contains(advice, e.Advice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("accounts/a1/access/groups", "Account > Access: Organizations, Identity Providers, and Groups > Edit")]
    [InlineData("accounts/a1/access/identity_providers/i1", "Account > Access: Organizations, Identity Providers, and Groups > Edit")]
    [InlineData("accounts/a1/access/organizations", "Account > Access: Organizations, Identity Providers, and Groups > Edit")]
    [InlineData("accounts/a1/access/users", "Account > Access: Audit Logs > Read")]
    [InlineData("accounts/a1/access/logs/access_requests", "Account > Access: Audit Logs > Read")]
    [InlineData("accounts/a1/access/apps", "Account > Access: Apps and Policies > Edit")]
    [InlineData("accounts/a1/access/service_tokens", "Account > Access: Service Tokens > Edit")]
    [InlineData("zones/z1/dns_records", "Zone > DNS > Edit")]
    public async Task The_permission_that_is_missing_is_named(string path, string permission)
    {
        await using var server = await ScriptedApi.StartAsync((context, _) => ScriptedApi.ErrorAsync(context, 403, 10000, "Authentication error"));
        using var api = server.Client();
        var e = await Assert.ThrowsAsync<TunnelApiException>(() => api.Tokens.ProbeAsync(path, default));
        Assert.EndsWith($"has the permission {permission}.", e.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_may_not_remove_a_person_is_told_of_the_permission_that_changes_people()
    {
        await using var server = await ScriptedApi.StartAsync((context, _) => ScriptedApi.ErrorAsync(context, 403, 10000, "Authentication error"));
        using var api = server.Client();
        var e = await Assert.ThrowsAsync<TunnelApiException>(() => api.Users.DeleteAsync("a1", "u1"));
        Assert.Contains("Organizations, Identity Providers, and Groups > Edit", e.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tunnel_name_that_exists_is_a_conflict_with_advice()
    {
        await using var server = await ScriptedApi.StartAsync((context, _) => ScriptedApi.ErrorAsync(context, 409, 1013, "exists"));
        using var api = server.Client();
        var e = await Assert.ThrowsAsync<TunnelApiException>(() => api.Tunnels.CreateAsync("a1", "t", new byte[32]));
        Assert.True(e.IsConflict);
        Assert.Contains("another name", e.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_that_comes_with_status_200_is_a_failure()
    {
        await using var server = await ScriptedApi.StartAsync((context, _) => ScriptedApi.ErrorAsync(context, 200, 81053, "exists"));
        using var api = server.Client();
        var e = await Assert.ThrowsAsync<TunnelApiException>(() =>
            api.DnsRecords.CreateAsync("z1", new DnsRecord { Type = "A", Name = "a.example.test", Content = "192.0.2.1" }));
        Assert.True(e.IsConflict);
    }

    [Fact]
    public async Task Chained_errors_are_told_too()
    {
        await using var server = await ScriptedApi.StartAsync((context, _) => ScriptedApi.AnswerAsync(context, 400, """
            {"success":false,"errors":[{"code":6003,"message":"Invalid request headers",
             "error_chain":[{"code":6111,"message":"Invalid format for Authorization header"}]}]}
            """));
        using var api = server.Client();
        var e = await Assert.ThrowsAsync<TunnelApiException>(() => api.Zones.GetAsync("z1"));
        Assert.Equal([6003, 6111], e.Errors.Select(static x => x.Code));
    }

    [Theory]
    [InlineData("<html>sign in to the network</html>")]
    [InlineData("{\"success\":true,\"result\":")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("{\"success\":\"yes\",\"result\":{\"id\":\"z1\"}}")]
    public async Task An_answer_that_is_not_of_the_API_is_told_as_such(string body)
    {
        await using var server = await ScriptedApi.StartAsync((context, _) => ScriptedApi.AnswerAsync(context, 200, body));
        using var api = server.Client(() => server.Options(retries: 1));
        var e = await Assert.ThrowsAsync<TunnelApiException>(() => api.Zones.GetAsync("z1"));
        Assert.Contains("not one of the API", e.Message, StringComparison.Ordinal);
        Assert.Contains("/client/v4", e.Advice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"id\":5,\"name\":\"example.test\"}")]
    public async Task A_result_of_another_form_is_told_as_such(string result)
    {
        await using var server = await ScriptedApi.StartAsync((context, _) => ScriptedApi.OkAsync(context, result));
        using var api = server.Client();
        var e = await Assert.ThrowsAsync<TunnelApiException>(() => api.Zones.GetAsync("z1"));
        Assert.Contains("cannot be used", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_without_end_is_cut_off_at_the_limit()
    {
        await using var server = await ScriptedApi.StartAsync(async (context, _) =>
        {
            var part = Encoding.ASCII.GetBytes(new string(' ', 8192));
            while (!context.RequestAborted.IsCancellationRequested)
            {
                try
                {
                    await context.Response.Body.WriteAsync(part, context.RequestAborted);
                }
                catch (OperationCanceledException)
                {
                    return;
                }
            }
        });
        using var api = server.Client();
        var e = await Assert.ThrowsAsync<TunnelApiException>(() => api.Zones.GetAsync("z1"));
        Assert.Contains("larger than 65536 bytes", e.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_redirect_is_not_followed_with_the_token()
    {
        await using var elsewhere = await ScriptedApi.StartAsync((context, _) => ScriptedApi.OkAsync(context, """{"id":"z1","name":"x"}"""));
        await using var server = await ScriptedApi.StartAsync((context, _) =>
        {
            context.Response.Redirect(elsewhere.Address.AbsoluteUri);
            return Task.CompletedTask;
        });
        using var api = server.Client();
        await Assert.ThrowsAsync<TunnelApiException>(() => api.Zones.GetAsync("z1"));
        Assert.Empty(elsewhere.Requests);
    }

    [Fact]
    public async Task An_edge_that_does_not_run_is_told_with_its_address()
    {
        var server = await ScriptedApi.StartAsync((context, _) => ScriptedApi.OkAsync(context, "[]"));
        await server.DisposeAsync();
        using var api = server.Client(() => server.Options(retries: 1));
        var e = await Assert.ThrowsAsync<TunnelApiException>(() => api.Zones.GetAsync("z1"));
        Assert.Equal(0, e.StatusCode);
        Assert.Contains(server.Address.Authority, e.Message, StringComparison.Ordinal);
        Assert.Contains("that the edge runs", e.Advice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData(" ")]
    public async Task An_identifier_that_would_name_another_resource_is_refused(string id)
    {
        await using var server = await ScriptedApi.StartAsync((context, _) => ScriptedApi.OkAsync(context, "{}"));
        using var api = server.Client();
        await Assert.ThrowsAnyAsync<ArgumentException>(() => api.Zones.DeleteAsync(id));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => api.Applications.DeleteAsync("a1", id));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task An_identifier_cannot_leave_its_segment()
    {
        await using var server = await ScriptedApi.StartAsync((context, _) => ScriptedApi.ErrorAsync(context, 404, 7003, "no"));
        using var api = server.Client();
        await Assert.ThrowsAsync<TunnelApiException>(() => api.Zones.DeleteAsync("../accounts?x=1"));
        Assert.StartsWith("DELETE /client/v4/zones/..%2F", server.Requests.Single(), StringComparison.Ordinal);
    }
}
