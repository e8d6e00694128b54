using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Tunnel.Core.Api;
using Tunnel.Core.Client;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests;

/// <summary>A hostname that lets in whom others have approved, and how they ask and decide.</summary>
public abstract partial class Approvals : IAsyncLifetime
{
    private protected const string Hostname = "people.example.test";
    private protected const string Alice = "alice@example.com";
    private protected const string Boss = "boss@example.org";
    private protected const string Deputy = "deputy@example.org";
    private protected const string Team = "https://tunnel.cloudflareaccess.test";

    private protected readonly ShiftedTime _time = new();
    private protected readonly OriginListener _origin = new();
    private protected EdgeLab _lab = null!;
    private protected string _application = "";
    private protected string _audience = "";

    public async ValueTask InitializeAsync()
    {
        _lab = await EdgeLab.StartAsync(_time);
        await _lab.PublishAsync(Hostname, _origin.Url, connections: 1);
        var application = await SendAsync(HttpMethod.Post, "access/apps", new JsonObject
        {
            ["type"] = "self_hosted", ["domain"] = Hostname, ["policies"] = new JsonArray(Policy(Group(1, Boss))),
        });
        _application = application["id"]!.GetValue<string>();
        _audience = application["aud"]!.GetValue<string>();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _lab.DisposeAsync();
        await _origin.DisposeAsync();
    }

    /// <summary>One address for each, since the edge limits sign-ins by it.</summary>
    private protected PersonBrowser Browser(byte who) => new(_lab, new IPAddress([127, 0, 1, who]));

    /// <summary>Signs alice in, and asks; the answer is the page that waits.</summary>
    private protected async Task<BrowserPage> AskAsync(PersonBrowser alice, int mails = 1)
    {
        var ask = await alice.FollowAsync(await alice.EnterPinAsync(await alice.OpenLoginAsync(Hostname), Alice));
        Assert.Equal((200, "/cdn-cgi/access/approval"), (ask.Status, ask.Address.AbsolutePath));
        return await AskAgainAsync(alice, ask, mails);
    }

    private protected async Task<BrowserPage> AskAgainAsync(PersonBrowser alice, BrowserPage ask, int mails = 1)
    {
        var before = PersonBrowser.Mail(_lab).Length;
        var waiting = await alice.FollowAsync(await alice.PostAsync(ask));
        await Eventually.True(() => PersonBrowser.Mail(_lab).Length == before + mails, "the approvers are written to");
        return waiting;
    }

    private protected async Task<BrowserPage> OpenAsApproverAsync(PersonBrowser approver, string email)
    {
        var link = LastLink();
        var login = await approver.FollowAsync(await approver.GetAsync(link));
        var page = await approver.FollowAsync(await approver.EnterPinAsync(login, email));
        Assert.Equal((200, link), (page.Status, page.Address.AbsoluteUri));
        return page;
    }

    private protected static async Task<BrowserPage> DecideAsync(PersonBrowser approver, BrowserPage decide, params (string, string)[] fields)
    {
        var posted = await approver.PostAsync(decide, fields);
        Assert.Equal(303, posted.Status);
        return await approver.FollowAsync(posted);
    }

    /// <summary>From the waiting page, which has become a redirect, to the application.</summary>
    private protected static async Task GoInAsync(PersonBrowser alice, BrowserPage waiting)
    {
        var on = await alice.FollowAsync(waiting);
        Assert.Equal(302, on.Status);
        Assert.Equal(302, (await alice.FollowAsync(on)).Status);
        Assert.NotEmpty(alice.Token(Hostname));
    }

    private protected Task<AccessStream> OpenStreamAsync(PersonBrowser alice) => OpenStreamAsync(alice.Token(Hostname));

    private protected Task<AccessStream> OpenStreamAsync(string token) => AccessStream.ConnectAsync(new AccessClientOptions
    {
        Address = Hostname, ConnectTo = _lab.PublicAddress, CertificateAuthorities = _lab.Authorities, AppToken = token,
    });

    private protected async Task<IReadOnlyList<AccessLogEntry>> LogAsync() =>
        [.. await _lab.Api.AccessLog.GetAsync(_lab.Edge.AccountId, new AccessLogFilter(), 100)];

    /// <summary>Nobody's request writes it: the edge does by itself, within seconds.</summary>
    private protected async Task AssertRecordedAsync(string reason)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        using var limit = new CancellationTokenSource(Eventually.Limit);
        while (!(await LogAsync()).Any(r => r is { Action: "approval", UserEmail: Alice, Allowed: false } && r.Reason == reason))
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    private protected string[] Requests() => [.. PersonBrowser.Mail(_lab).Where(m => m.Contains("/cdn-cgi/access/approve/", StringComparison.Ordinal))];

    private protected static async Task AssertEndsAsync(AccessStream stream)
    {
        using var limit = new CancellationTokenSource(Eventually.Limit);
        try
        {
            Assert.Equal(0, await stream.ReadAsync(new byte[1], limit.Token));
        }
        catch (IOException)
        {
            // cut off, which is an end as well
        }
    }

    private protected string LastLink() => Link().Match(Requests()[^1]).Value;

    private protected static string Form(Uri address, string from) =>
        $"""<form method="post" action="{address.AbsolutePath}" >{Token().Match(from).Value}""";

    private protected static JsonObject Group(int needed, params string[] emails) => new()
    {
        ["approvals_needed"] = needed, ["email_addresses"] = new JsonArray([.. emails.Select(e => (JsonNode)e)]),
    };

    private protected static JsonObject Policy(params JsonNode[] groups) => new()
    {
        ["name"] = "approved",
        ["decision"] = "allow",
        ["include"] = JsonNode.Parse("""[{"email_domain":{"domain":"example.com"}}]"""),
        ["approval_required"] = true,
        ["approval_groups"] = new JsonArray(groups),
    };

    private protected async Task ChangePolicyAsync(JsonObject policy, bool isRemoved = false)
    {
        var application = await SendAsync(HttpMethod.Get, $"access/apps/{_application}", null);
        var id = application["policies"]![0]!["id"]!.GetValue<string>();
        if (!isRemoved)
        {
            await SendAsync(HttpMethod.Put, $"access/apps/{_application}/policies/{id}", policy);
            return;
        }

        await SendAsync(HttpMethod.Post, $"access/apps/{_application}/policies", policy);
        await SendAsync(HttpMethod.Delete, $"access/apps/{_application}/policies/{id}", null);
    }

    private protected async Task<JsonObject> SendAsync(HttpMethod method, string path, JsonObject? document)
    {
        using var api = _lab.ApiHttp();
        using var request = new HttpRequestMessage(method, new Uri($"accounts/{_lab.Edge.AccountId}/{path}", UriKind.Relative))
        {
            Content = document is null ? null : JsonContent.Create(document),
        };
        using var response = await api.SendAsync(request);
        var answer = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, answer);
        return JsonNode.Parse(answer)!["result"]!.AsObject();
    }

    [GeneratedRegex("""https://\S+/cdn-cgi/access/approve/[0-9a-f]{32}""")]
    private static partial Regex Link();

    [GeneratedRegex("""<input type="hidden" name="form_token" value="[^"]*">""")]
    private static partial Regex Token();
}
