using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Tunnel.Core.Api;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests;

/// <summary>A policy wants to know what people come for: who says it gets in, and it is on record.</summary>
public sealed class PurposeTests : IAsyncLifetime
{
    private const string Hostname = "people.example.test";
    private const string Alice = "alice@example.com";
    private const int LetThrough = 530; // the tunnel is not connected

    private EdgeLab _lab = null!;

    public async ValueTask InitializeAsync()
    {
        _lab = await EdgeLab.StartAsync();
        await AddAsync(Hostname, """{"purpose_justification_required":true,"purpose_justification_prompt":"Which <ticket>?"}""");
    }

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task Who_says_why_gets_in_and_it_is_on_record()
    {
        using var browser = new PersonBrowser(_lab);
        var asked = await browser.FollowAsync(await browser.EnterPinAsync(await browser.OpenLoginAsync(Hostname), Alice));
        Assert.Equal((200, "/cdn-cgi/access/purpose"), (asked.Status, asked.Address.AbsolutePath));
        Assert.Contains("Which &lt;ticket&gt;?", asked.Text, StringComparison.Ordinal);

        await browser.FollowAsync(await browser.PostAsync(asked, ("purpose", "  Ticket   4711 ")));

        Assert.Equal(LetThrough, (await browser.GetAsync($"https://{Hostname}/")).Status);
        Assert.Contains(await _lab.Api.AccessLog.GetAsync(_lab.Edge.AccountId, new AccessLogFilter(), 100),
            r => r.UserEmail == Alice && r.Allowed && r.Reason == "Purpose: Ticket 4711");
    }

    [Fact]
    public async Task Who_says_nothing_stays_out()
    {
        using var browser = new PersonBrowser(_lab);
        var asked = await browser.FollowAsync(await browser.EnterPinAsync(await browser.OpenLoginAsync(Hostname), Alice));

        Assert.Equal(400, (await browser.PostAsync(asked, ("purpose", "   "))).Status);
        Assert.Equal(400, (await browser.PostAsync(asked, ("purpose", new string('x', 501)))).Status);
        Assert.Equal(400, (await browser.PostAsync(asked, ("purpose", "Ticket"), ("form_token", "AAAA"))).Status);
        var back = await browser.GetAsync($"https://{Hostname}/");
        Assert.Equal("/cdn-cgi/access/purpose", (await browser.FollowAsync(back)).Next!.AbsolutePath);
    }

    [Fact]
    public async Task What_was_said_counts_for_one_application_and_one_session()
    {
        const string other = "other.example.test";
        await AddAsync(other, """{"purpose_justification_required":true}""");
        using var browser = new PersonBrowser(_lab);
        var asked = await browser.FollowAsync(await browser.EnterPinAsync(await browser.OpenLoginAsync(Hostname), Alice));
        await browser.FollowAsync(await browser.PostAsync(asked, ("purpose", "Ticket")));

        Assert.Equal("/cdn-cgi/access/purpose", (await browser.OpenLoginAsync(other)).Next!.AbsolutePath);
        await _lab.RestartEdgeAsync();
        Assert.Equal(LetThrough, (await browser.GetAsync($"https://{Hostname}/")).Status);
        await browser.GetAsync("https://tunnel.cloudflareaccess.test/cdn-cgi/access/logout");
        var again = await browser.FollowAsync(await browser.EnterPinAsync(await browser.OpenLoginAsync(Hostname), Alice));
        Assert.Equal("/cdn-cgi/access/purpose", again.Address.AbsolutePath);
    }

    [Fact]
    public async Task Whom_no_policy_would_let_in_is_not_asked()
    {
        const string other = "other.example.test";
        await AddAsync(other, """{"purpose_justification_required":true,"isolation_required":true}""");
        using var browser = new PersonBrowser(_lab);

        Assert.Equal(403, (await browser.GetAsync($"https://{other}/")).Status);
    }

    [Fact]
    public async Task A_bypass_policy_that_asks_lets_nobody_in()
    {
        const string other = "other.example.test";
        await AddAsync(other, """{"purpose_justification_required":true,"decision":"bypass","include":[{"everyone":{}}]}""");
        using var client = _lab.Browser();

        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync(new Uri($"https://{other}/"))).StatusCode);
    }

    private async Task AddAsync(string hostname, string policy)
    {
        await _lab.AddTunnelAsync(hostname);
        var members = JsonNode.Parse(policy)!.AsObject();
        members.TryAdd("name", "why");
        members.TryAdd("decision", "allow");
        members.TryAdd("include", JsonNode.Parse("""[{"email_domain":{"domain":"example.com"}}]"""));
        using var api = _lab.ApiHttp();
        using var response = await api.PostAsJsonAsync(new Uri($"accounts/{_lab.Edge.AccountId}/access/apps", UriKind.Relative), new JsonObject
        {
            ["type"] = "self_hosted", ["domain"] = hostname, ["policies"] = new JsonArray(members),
        });
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }
}
