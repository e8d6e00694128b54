using System.Text.Json.Nodes;
using Tunnel.Protocol.Transfers;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests;

/// <summary>Who may approve, and what their word is worth.</summary>
public sealed class ApproverTests : Approvals
{
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
    public async Task A_program_is_told_when_an_approver_refuses_and_a_later_one_may_wait_again()
    {
        using var first = TransferKeyPair.Generate();
        using var second = TransferKeyPair.Generate();
        using var program = Browser(3);
        using var alice = Browser(1);
        using var boss = Browser(2);
        var transfer = program.GetAsync($"{Team}/cdn-cgi/access/transfer/{first.PublicKey}");
        var ask = await alice.FollowAsync(await alice.EnterPinAsync(await alice.FollowAsync(await alice.GetAsync(Cli(first))), Alice));
        var waiting = await AskAgainAsync(alice, ask);
        await DecideAsync(boss, await OpenAsApproverAsync(boss, Boss), ("decision", "refuse"));

        var refused = await alice.FollowAsync(waiting);

        Assert.Contains("Your request was refused", refused.Text, StringComparison.Ordinal);
        Assert.Equal(410, (await transfer).Status);
        var later = program.GetAsync($"{Team}/cdn-cgi/access/transfer/{second.PublicKey}");
        var again = await alice.FollowAsync(await alice.FollowAsync(await alice.GetAsync(Cli(second))));
        Assert.Contains("Your request was refused", again.Text, StringComparison.Ordinal);
        Assert.False(later.IsCompleted);
        waiting = await AskAgainAsync(alice, again);
        await DecideAsync(boss, await boss.GetAsync(LastLink()), ("decision", "approve"), ("duration", "60"));
        var window = await alice.FollowAsync(await alice.FollowAsync(await alice.FollowAsync(waiting)));
        await alice.PostAsync(window, ("decision", "allow"));
        Assert.Equal(200, (await later).Status);

        string Cli(TransferKeyPair keys) =>
            $"https://{Hostname}/cdn-cgi/access/cli?aud={_audience}&token={Uri.EscapeDataString(keys.PublicKey.ToString())}";
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
}
