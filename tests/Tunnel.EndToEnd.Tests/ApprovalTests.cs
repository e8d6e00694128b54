using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Tunnel.Core.Api;
using Tunnel.Core.Client;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests;

/// <summary>A policy lets people in whom those that it names have approved, for as long as they say.</summary>
public sealed partial class ApprovalTests : IAsyncLifetime
{
    private const string Hostname = "people.example.test";
    private const string Alice = "alice@example.com";
    private const string Boss = "boss@example.org";
    private const string Deputy = "deputy@example.org";
    private const string Team = "https://tunnel.cloudflareaccess.test";

    private readonly ShiftedTime _time = new();
    private readonly OriginListener _origin = new();
    private EdgeLab _lab = null!;
    private string _application = "";

    public async ValueTask InitializeAsync()
    {
        _lab = await EdgeLab.StartAsync(_time);
        await _lab.PublishAsync(Hostname, _origin.Url, connections: 1);
        var application = await SendAsync(HttpMethod.Post, "access/apps", new JsonObject
        {
            ["type"] = "self_hosted", ["domain"] = Hostname, ["policies"] = new JsonArray(Policy(Group(1, Boss))),
        });
        _application = application["id"]!.GetValue<string>();
    }

    public async ValueTask DisposeAsync()
    {
        await _lab.DisposeAsync();
        await _origin.DisposeAsync();
    }

    [Fact]
    public async Task Who_is_approved_gets_in_for_as_long_as_the_approver_said_and_it_is_on_record()
    {
        using var alice = Browser(1);
        using var boss = Browser(2);
        var waiting = await AskAsync(alice);
        Assert.Contains("Waiting for an approval", waiting.Text, StringComparison.Ordinal);
        Assert.Equal(waiting.Address, waiting.Next); // looks again by itself
        Assert.Equal("/cdn-cgi/access/approval", (await alice.FollowAsync(waiting)).Address.AbsolutePath);

        var decide = await OpenAsApproverAsync(boss, Boss);
        Assert.Contains(Alice, decide.Text, StringComparison.Ordinal);
        var approved = await DecideAsync(boss, decide, ("decision", "approve"), ("duration", "15"));
        Assert.Contains("Approved until", approved.Text, StringComparison.Ordinal);

        await GoInAsync(alice, waiting);
        await using var stream = await OpenStreamAsync(alice);
        Assert.Equal(1, _origin.Connections);

        _time.Offset = TimeSpan.FromMinutes(16);
        await AssertEndsAsync(stream);
        Assert.Equal(302, (await alice.GetAsync($"https://{Hostname}/")).Status);
        await AssertRecordedAsync("The approval expired.");
        var log = await LogAsync();
        Assert.Contains(log, r => r is { Action: "approval", UserEmail: Alice, Allowed: false, Reason: "Asked for an approval." });
        Assert.Contains(log, r => r is { Action: "approval", UserEmail: Boss, Allowed: true, Reason: "Approved alice@example.com for 15 minutes." });
    }

    [Fact]
    public async Task What_an_approver_takes_back_ends_at_once()
    {
        using var alice = Browser(1);
        using var boss = Browser(2);
        var waiting = await AskAsync(alice);
        var decide = await OpenAsApproverAsync(boss, Boss);
        var approved = await DecideAsync(boss, decide, ("decision", "approve"), ("duration", "1440"));
        await GoInAsync(alice, waiting);
        await using var stream = await OpenStreamAsync(alice);

        await boss.PostAsync(approved, ("decision", "refuse"));

        await AssertEndsAsync(stream);
        var back = await alice.FollowAsync(await alice.FollowAsync(await alice.GetAsync($"https://{Hostname}/")));
        Assert.Contains("Your request was refused", back.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_approver_who_is_named_no_more_has_approved_nothing()
    {
        using var alice = Browser(1);
        using var boss = Browser(2);
        var waiting = await AskAsync(alice);
        await DecideAsync(boss, await OpenAsApproverAsync(boss, Boss), ("decision", "approve"), ("duration", "60"));
        await GoInAsync(alice, waiting);
        await using var stream = await OpenStreamAsync(alice);

        await ChangePolicyAsync(Policy(Group(1, Deputy)));

        await AssertEndsAsync(stream);
        Assert.Equal(302, (await alice.GetAsync($"https://{Hostname}/")).Status);
    }

    [Fact]
    public async Task People_of_a_list_approve_as_long_as_they_are_in_it()
    {
        var list = await SendAsync(HttpMethod.Post, "gateway/lists", new JsonObject
        {
            ["name"] = "approvers", ["type"] = "EMAIL", ["items"] = JsonNode.Parse("""[{"value":"Deputy@example.org"},{"value":"alice@example.com"}]"""),
        });
        var id = list["id"]!.GetValue<string>();
        await ChangePolicyAsync(Policy(new JsonObject { ["approvals_needed"] = 1, ["email_list_uuid"] = id }));
        using var alice = Browser(1);
        using var deputy = Browser(2);
        var waiting = await AskAsync(alice);
        Assert.Equal(403, (await alice.GetAsync(LastLink())).Status); // in the list as well, and it is her own request
        await DecideAsync(deputy, await OpenAsApproverAsync(deputy, Deputy), ("decision", "approve"), ("duration", "60"));
        await GoInAsync(alice, waiting);
        await using var stream = await OpenStreamAsync(alice);

        await SendAsync(HttpMethod.Patch, $"gateway/lists/{id}", new JsonObject { ["remove"] = new JsonArray("Deputy@example.org") });

        await AssertEndsAsync(stream);
        Assert.Equal(302, (await alice.GetAsync($"https://{Hostname}/")).Status);
        Assert.Equal(403, (await deputy.GetAsync(LastLink())).Status);
    }

    [Fact]
    public async Task Each_group_has_to_approve_with_as_many_as_it_says()
    {
        await ChangePolicyAsync(Policy(Group(1, Boss), Group(1, Deputy)));
        using var alice = Browser(1);
        using var boss = Browser(2);
        using var deputy = Browser(3);
        var waiting = await AskAsync(alice, mails: 2);
        var first = await DecideAsync(boss, await OpenAsApproverAsync(boss, Boss), ("decision", "approve"), ("duration", "60"));
        Assert.Contains("Others have to as well", first.Text, StringComparison.Ordinal);
        Assert.Contains("Waiting for an approval", (await alice.FollowAsync(waiting)).Text, StringComparison.Ordinal);
        Assert.Equal(0, _origin.Connections);

        await DecideAsync(deputy, await OpenAsApproverAsync(deputy, Deputy), ("decision", "approve"), ("duration", "15"));

        await GoInAsync(alice, waiting);
        _time.Offset = TimeSpan.FromMinutes(16); // the shorter of the two counts
        Assert.Equal(302, (await alice.GetAsync($"https://{Hostname}/")).Status);
    }

    [Fact]
    public async Task Who_is_refused_is_told_and_can_ask_again_but_not_all_day()
    {
        using var alice = Browser(1);
        using var boss = Browser(2);
        var page = await AskAsync(alice);
        var decide = await OpenAsApproverAsync(boss, Boss);
        for (var asked = 1; asked < 5; asked++)
        {
            await DecideAsync(boss, decide, ("decision", "refuse"));
            page = await alice.FollowAsync(page);
            Assert.Contains("Your request was refused", page.Text, StringComparison.Ordinal);
            page = await AskAgainAsync(alice, page);
            decide = await boss.GetAsync(LastLink());
        }

        await DecideAsync(boss, decide, ("decision", "refuse"));
        page = await alice.FollowAsync(page);

        Assert.Equal(429, (await alice.PostAsync(page)).Status);
        Assert.Equal(0, _origin.Connections);
    }

    [Fact]
    public async Task Nobody_approves_their_own_request_or_one_that_is_for_others_to_decide()
    {
        await ChangePolicyAsync(Policy(Group(1, Alice, Boss)));
        using var alice = Browser(1);
        using var eve = Browser(2);
        var waiting = await AskAsync(alice);

        var own = await alice.GetAsync(LastLink());
        Assert.Equal(403, own.Status);
        Assert.Contains("your own request", own.Text, StringComparison.Ordinal);
        // A form of her own making, with a token that her browser was given by another page of the same host.
        Assert.Equal(400, (await alice.PostAsync(
            new BrowserPage(own.Address, 200, Form(own.Address, waiting.Text), null), ("decision", "approve"), ("duration", "60"))).Status);

        // Not even a code is sent to somebody who has nothing to decide.
        var login = await eve.FollowAsync(await eve.GetAsync(LastLink()));
        var before = PersonBrowser.Mail(_lab).Length;
        await eve.PostAsync(login, ("email", "eve@example.com"));
        Assert.Equal(before, PersonBrowser.Mail(_lab).Length);
        Assert.Contains("Waiting for an approval", (await alice.FollowAsync(waiting)).Text, StringComparison.Ordinal);
        Assert.Equal(0, _origin.Connections);
    }

    [Fact]
    public async Task An_approvers_sign_in_opens_the_application_to_nobody()
    {
        using var alice = Browser(1);
        using var boss = Browser(2);
        await AskAsync(alice);
        await OpenAsApproverAsync(boss, Boss);

        var page = await boss.FollowAsync(await boss.GetAsync($"https://{Hostname}/"));

        Assert.Equal(403, page.Status);
        Assert.Equal(0, _origin.Connections);
    }

    [Fact]
    public async Task A_decision_from_elsewhere_or_for_a_time_of_its_own_counts_nothing()
    {
        using var alice = Browser(1);
        using var boss = Browser(2);
        var waiting = await AskAsync(alice);
        var decide = await OpenAsApproverAsync(boss, Boss);

        Assert.Equal(400, (await boss.PostAsync(decide, ("decision", "approve"), ("duration", "60"), ("form_token", "AAAA"))).Status);
        Assert.Equal(400, (await boss.PostAsync(decide, ("decision", "approve"), ("duration", "999999"))).Status);
        Assert.Equal(400, (await boss.PostAsync(decide, ("decision", "approve"))).Status);
        Assert.Contains("Let somebody in?", (await DecideAsync(boss, decide, ("decision", "perhaps"), ("duration", "60"))).Text, StringComparison.Ordinal);

        Assert.Contains("Waiting for an approval", (await alice.FollowAsync(waiting)).Text, StringComparison.Ordinal);
        Assert.Equal(0, _origin.Connections);
    }

    [Fact]
    public async Task A_request_that_is_over_is_approved_by_nobody()
    {
        using var alice = Browser(1);
        using var boss = Browser(2);
        var waiting = await AskAsync(alice);
        var decide = await OpenAsApproverAsync(boss, Boss);
        var link = LastLink();
        _time.Offset = TimeSpan.FromHours(25);

        Assert.NotEqual(200, (await boss.PostAsync(decide, ("decision", "approve"), ("duration", "60"))).Status);
        Assert.Equal(404, (await boss.GetAsync(Team + "/cdn-cgi/access/approve/" + new string('0', 32))).Status);
        // The outbox drops what is a day old as soon as something new comes: only the new message is to be counted.
        Array.ForEach(Directory.GetFiles(_lab.File("edge/outbox")), File.Delete);
        using var later = Browser(3);
        var page = await later.FollowAsync(await later.EnterPinAsync(await later.FollowAsync(await later.GetAsync(link)), Boss));
        Assert.Contains("It is over", page.Text, StringComparison.Ordinal);
        Assert.Equal(400, (await alice.FollowAsync(waiting)).Status);
        Assert.Equal(0, _origin.Connections);
        await AssertRecordedAsync("The request for an approval expired: too few have approved it.");
    }

    [Fact]
    public async Task Who_is_named_meanwhile_is_written_to_when_the_person_asks_again_and_earlier_links_decide_nothing()
    {
        await ChangePolicyAsync(Policy(Group(1, Boss, Deputy)));
        using var alice = Browser(1);
        using var boss = Browser(2);
        using var deputy = Browser(3);
        var waiting = await AskAsync(alice, mails: 2);
        var earlier = await OpenAsApproverAsync(boss, Boss);

        await ChangePolicyAsync(Policy(Group(1, Deputy)));
        var changed = await alice.FollowAsync(waiting);
        Assert.Contains("has changed since you asked", changed.Text, StringComparison.Ordinal);
        waiting = await AskAgainAsync(alice, changed);
        Assert.Equal(403, (await boss.PostAsync(earlier, ("decision", "approve"), ("duration", "60"))).Status);
        // Named again, boss still holds the link of a request that was asked anew since.
        await ChangePolicyAsync(Policy(Group(1, Boss, Deputy)));
        await boss.PostAsync(earlier, ("decision", "approve"), ("duration", "60"));
        Assert.Contains("They have asked again since", (await boss.GetAsync(earlier.Address.AbsoluteUri)).Text, StringComparison.Ordinal);
        Assert.Equal(200, (await alice.FollowAsync(waiting)).Status);
        Assert.Equal(0, _origin.Connections);

        await DecideAsync(deputy, await OpenAsApproverAsync(deputy, Deputy), ("decision", "approve"), ("duration", "60"));
        await GoInAsync(alice, waiting);
    }

    [Fact]
    public async Task A_wish_that_is_posted_many_times_at_once_is_one_request_that_one_word_ends()
    {
        using var alice = Browser(1);
        using var boss = Browser(2);
        var ask = await alice.FollowAsync(await alice.EnterPinAsync(await alice.OpenLoginAsync(Hostname), Alice));

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => alice.PostAsync(ask)));

        var waiting = await alice.GetAsync(ask.Address.AbsoluteUri);
        await Eventually.True(() => Requests().Length > 0, "the approver is written to");
        var decide = await OpenAsApproverAsync(boss, Boss);
        Assert.Single(Requests());
        await DecideAsync(boss, decide, ("decision", "refuse"));
        await boss.PostAsync(decide, ("decision", "approve"), ("duration", "60")); // a replay of the form, with another word
        Assert.Contains("Your request was refused", (await alice.FollowAsync(waiting)).Text, StringComparison.Ordinal);
        Assert.Equal(0, _origin.Connections);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_policy_that_asks_no_more_or_is_gone_takes_its_requests_with_it(bool isRemoved)
    {
        using var alice = Browser(1);
        using var boss = Browser(2);
        await AskAsync(alice);
        var decide = await OpenAsApproverAsync(boss, Boss);
        await DecideAsync(boss, decide, ("decision", "approve"), ("duration", "60"));

        var policy = Policy(Group(1, Boss));
        policy["approval_required"] = false;
        policy["include"] = JsonNode.Parse("""[{"email":{"email":"carol@example.com"}}]""");
        await ChangePolicyAsync(policy, isRemoved);

        Assert.Equal(404, (await boss.PostAsync(decide, ("decision", "approve"), ("duration", "60"))).Status);
        Assert.Equal(403, (await alice.FollowAsync(await alice.GetAsync($"https://{Hostname}/"))).Status);
        Assert.Equal(0, _origin.Connections);
    }

    [Fact]
    public async Task A_program_that_waits_gets_its_token_after_the_approval()
    {
        using var home = new TemporaryDirectory();
        using var alice = Browser(1);
        using var boss = Browser(2);
        await using var login = new RunningProgram(
            AgentProgram.Path, ["access", "login", "--connect-to", $"{_lab.PublicAddress.Host}:{_lab.PublicAddress.Port}", $"https://{Hostname}"],
            new Dictionary<string, string>
            {
                ["HOME"] = home.FullName, ["TUNNEL_CACERT"] = _lab.Edge.CertificateAuthorityFile, ["DISPLAY"] = "", ["WAYLAND_DISPLAY"] = "",
            });
        var page = await alice.FollowAsync(await alice.GetAsync(await Visitors.ProgramLogin.LinkAsync(login)));
        var waiting = await AskAgainAsync(alice, await alice.FollowAsync(await alice.EnterPinAsync(page, Alice)));
        Assert.Equal((false, 0), (login.HasExited, _origin.Connections));

        await DecideAsync(boss, await OpenAsApproverAsync(boss, Boss), ("decision", "approve"), ("duration", "60"));
        var grant = await alice.FollowAsync(await alice.FollowAsync(await alice.FollowAsync(waiting)));
        Assert.Contains("Let a program in?", grant.Text, StringComparison.Ordinal);
        await alice.PostAsync(grant, ("decision", "allow"));

        Assert.True(await login.EndAsync() == 0, login.Output);
        var token = login.Output.Trim().Split('\n')[^1].Trim();
        await using var stream = await OpenStreamAsync(token);
        Assert.Equal(1, _origin.Connections);
        _time.Offset = TimeSpan.FromMinutes(61);
        await AssertEndsAsync(stream);
    }

    [Fact]
    public async Task An_approval_is_remembered_over_a_restart_and_goes_with_its_person_to_another_browser()
    {
        using var alice = Browser(1);
        using var boss = Browser(2);
        var waiting = await AskAsync(alice);
        await DecideAsync(boss, await OpenAsApproverAsync(boss, Boss), ("decision", "approve"), ("duration", "60"));
        await _lab.RestartEdgeAsync();

        await GoInAsync(alice, waiting);
        using var phone = Browser(3);
        await phone.SignInAsync(Hostname, Alice);
        using var carol = Browser(4);
        var hers = await carol.FollowAsync(await carol.EnterPinAsync(await carol.OpenLoginAsync(Hostname), "carol@example.com"));
        Assert.Contains("Ask to be let in", hers.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_too_few_are_named_nobody_is_asked_and_nobody_gets_in()
    {
        await ChangePolicyAsync(Policy(Group(1, Alice)));
        using var alice = Browser(1);
        var before = PersonBrowser.Mail(_lab).Length;
        var page = await alice.FollowAsync(await alice.EnterPinAsync(await alice.OpenLoginAsync(Hostname), Alice));

        Assert.Equal(403, page.Status);
        Assert.Contains("too few people", page.Text, StringComparison.Ordinal);
        Assert.Equal(before + 1, PersonBrowser.Mail(_lab).Length); // her own code
        Assert.Equal(0, _origin.Connections);
    }

    [Fact]
    public async Task The_purpose_is_asked_for_first_and_the_approver_reads_it()
    {
        var policy = Policy(Group(1, Boss));
        policy["purpose_justification_required"] = true;
        await ChangePolicyAsync(policy);
        using var alice = Browser(1);
        using var boss = Browser(2);
        var why = await alice.FollowAsync(await alice.EnterPinAsync(await alice.OpenLoginAsync(Hostname), Alice));
        Assert.Equal("/cdn-cgi/access/purpose", why.Address.AbsolutePath);
        var ask = await alice.FollowAsync(await alice.PostAsync(why, ("purpose", "Ticket <4711>")));

        await AskAgainAsync(alice, ask);

        Assert.Contains("Ticket &lt;4711&gt;", (await OpenAsApproverAsync(boss, Boss)).Text, StringComparison.Ordinal);
    }

    /// <summary>One address for each, since the edge limits sign-ins by it.</summary>
    private PersonBrowser Browser(byte who) => new(_lab, new IPAddress([127, 0, 1, who]));

    /// <summary>Signs alice in, and asks; the answer is the page that waits.</summary>
    private async Task<BrowserPage> AskAsync(PersonBrowser alice, int mails = 1)
    {
        var ask = await alice.FollowAsync(await alice.EnterPinAsync(await alice.OpenLoginAsync(Hostname), Alice));
        Assert.Equal((200, "/cdn-cgi/access/approval"), (ask.Status, ask.Address.AbsolutePath));
        return await AskAgainAsync(alice, ask, mails);
    }

    private async Task<BrowserPage> AskAgainAsync(PersonBrowser alice, BrowserPage ask, int mails = 1)
    {
        var before = PersonBrowser.Mail(_lab).Length;
        var waiting = await alice.FollowAsync(await alice.PostAsync(ask));
        await Eventually.True(() => PersonBrowser.Mail(_lab).Length == before + mails, "the approvers are written to");
        return waiting;
    }

    private async Task<BrowserPage> OpenAsApproverAsync(PersonBrowser approver, string email)
    {
        var link = LastLink();
        var login = await approver.FollowAsync(await approver.GetAsync(link));
        var page = await approver.FollowAsync(await approver.EnterPinAsync(login, email));
        Assert.Equal((200, link), (page.Status, page.Address.AbsoluteUri));
        return page;
    }

    private static async Task<BrowserPage> DecideAsync(PersonBrowser approver, BrowserPage decide, params (string, string)[] fields)
    {
        var posted = await approver.PostAsync(decide, fields);
        Assert.Equal(303, posted.Status);
        return await approver.FollowAsync(posted);
    }

    /// <summary>From the waiting page, which has become a redirect, to the application.</summary>
    private static async Task GoInAsync(PersonBrowser alice, BrowserPage waiting)
    {
        var on = await alice.FollowAsync(waiting);
        Assert.Equal(302, on.Status);
        Assert.Equal(302, (await alice.FollowAsync(on)).Status);
        Assert.NotEmpty(alice.Token(Hostname));
    }

    private Task<AccessStream> OpenStreamAsync(PersonBrowser alice) => OpenStreamAsync(alice.Token(Hostname));

    private Task<AccessStream> OpenStreamAsync(string token) => AccessStream.ConnectAsync(new AccessClientOptions
    {
        Address = Hostname, ConnectTo = _lab.PublicAddress, CertificateAuthorities = _lab.Authorities, AppToken = token,
    });

    private async Task<IReadOnlyList<AccessLogEntry>> LogAsync() =>
        [.. await _lab.Api.AccessLog.GetAsync(_lab.Edge.AccountId, new AccessLogFilter(), 100)];

    /// <summary>Nobody's request writes it: the edge does by itself, within seconds.</summary>
    private async Task AssertRecordedAsync(string reason)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!(await LogAsync()).Any(r => r is { Action: "approval", UserEmail: Alice, Allowed: false } && r.Reason == reason))
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    private string[] Requests() => [.. PersonBrowser.Mail(_lab).Where(m => m.Contains("/cdn-cgi/access/approve/", StringComparison.Ordinal))];

    private static async Task AssertEndsAsync(AccessStream stream)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            Assert.Equal(0, await stream.ReadAsync(new byte[1], limit.Token));
        }
        catch (IOException)
        {
            // cut off, which is an end as well
        }
    }

    private string LastLink() => Link().Match(Requests()[^1]).Value;

    private static string Form(Uri address, string from) =>
        $"""<form method="post" action="{address.AbsolutePath}" >{Token().Match(from).Value}""";

    private static JsonObject Group(int needed, params string[] emails) => new()
    {
        ["approvals_needed"] = needed, ["email_addresses"] = new JsonArray([.. emails.Select(e => (JsonNode)e)]),
    };

    private static JsonObject Policy(params JsonNode[] groups) => new()
    {
        ["name"] = "approved",
        ["decision"] = "allow",
        ["include"] = JsonNode.Parse("""[{"email_domain":{"domain":"example.com"}}]"""),
        ["approval_required"] = true,
        ["approval_groups"] = new JsonArray(groups),
    };

    private async Task ChangePolicyAsync(JsonObject policy, bool isRemoved = false)
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

    private async Task<JsonObject> SendAsync(HttpMethod method, string path, JsonObject? document)
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
