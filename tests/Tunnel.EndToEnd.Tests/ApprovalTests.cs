using System.Text.Json.Nodes;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests;

/// <summary>A policy lets people in whom those that it names have approved, for as long as they say.</summary>
public sealed class ApprovalTests : Approvals
{
    [Fact]
    public async Task Who_is_approved_gets_in_for_as_long_as_the_approver_said_and_it_is_on_record()
    {
        using var alice = Browser(1);
        using var boss = Browser(2);
        var waiting = await AskAsync(alice);
        Assert.Contains("Waiting for an approval", waiting.Text, StringComparison.Ordinal);
        Assert.StartsWith(waiting.Address.AbsoluteUri, waiting.Next!.AbsoluteUri, StringComparison.Ordinal); // looks again by itself
        Assert.Equal("/cdn-cgi/access/approval", (await alice.FollowAsync(waiting)).Address.AbsolutePath);

        var decide = await OpenAsApproverAsync(boss, Boss);
        Assert.Contains(Alice, decide.Text, StringComparison.Ordinal);
        var approved = await DecideAsync(boss, decide, ("decision", "approve"), ("duration", "15"));
        Assert.Contains("Approved until", approved.Text, StringComparison.Ordinal);

        await GoInAsync(alice, waiting);
        await using var stream = await OpenStreamAsync(alice);
        await Eventually.True(() => _origin.Connections == 1, "the stream has reached the service");

        _time.Offset = TimeSpan.FromMinutes(16);
        await AssertEndsAsync(stream);
        Assert.Equal(302, (await alice.GetAsync($"https://{Hostname}/")).Status);
        await AssertRecordedAsync("The approval expired.");
        var log = await LogAsync();
        Assert.Contains(log, r => r is { Action: "approval", UserEmail: Alice, Allowed: false, Reason: "Asked for an approval." });
        Assert.Contains(log, r => r is { Action: "approval", UserEmail: Boss, Allowed: true, Reason: "Approved alice@example.com for 15 minutes." });
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
        await Eventually.True(() => _origin.Connections == 1, "the stream has reached the service");
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
}
