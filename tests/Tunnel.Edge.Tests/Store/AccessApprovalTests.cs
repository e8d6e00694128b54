using Tunnel.Access;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Tests.Store;

/// <summary>When a request counts as approved.</summary>
public sealed class AccessApprovalTests
{
    private static readonly DateTimeOffset s_now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public void Enough_of_each_group_have_to_approve_and_the_shortest_time_counts()
    {
        AccessApproverGroup[] groups = [Group(2, "a", "b", "c"), Group(1, "d")];

        Assert.Null(Asked().ApprovedUntil(groups));
        Assert.Null(Asked(Yes("a", 5), Yes("b", 5)).ApprovedUntil(groups));
        Assert.Null(Asked(Yes("a", 5), Yes("d", 5)).ApprovedUntil(groups));
        Assert.Equal(s_now.AddMinutes(3), Asked(Yes("a", 5), Yes("b", 3), Yes("d", 9)).ApprovedUntil(groups));
        // Whoever is in two groups counts in both.
        Assert.NotNull(Asked(Yes("a", 5), Yes("b", 5)).ApprovedUntil([Group(2, "a", "b"), Group(1, "a")]));
    }

    [Fact]
    public void One_refusal_is_enough_to_stay_out()
    {
        AccessApproverGroup[] groups = [Group(1, "a", "b")];
        var refused = Asked(Yes("a", 5), No("b"));

        Assert.True(refused.IsRefused(groups));
        Assert.Null(refused.ApprovedUntil(groups));
    }

    [Fact]
    public void The_word_of_somebody_who_is_not_named_or_who_asks_counts_nothing()
    {
        AccessApproverGroup[] groups = [Group(1, "a", "alice")];

        Assert.False(Asked().MayVote(groups, "alice"));
        Assert.False(Asked().MayVote(groups, "b"));
        Assert.Null(Asked(Yes("alice", 5), Yes("b", 5)).ApprovedUntil(groups));
        Assert.False(Asked(No("b")).IsRefused(groups));
        Assert.Equal(s_now.AddMinutes(5), Asked(Yes("a", 5), No("b")).ApprovedUntil(groups));
    }

    [Fact]
    public void Where_nobody_has_to_approve_nobody_has_approved()
    {
        Assert.Null(Asked().ApprovedUntil([]));
        Assert.Null(Asked().ApprovedUntil([Group(0, "a")]));
        Assert.Null(Asked(Yes("a", 5)).ApprovedUntil([Group(0, "a")]));
        Assert.NotNull(Asked(Yes("a", 5)).ApprovedUntil([Group(0, "b"), Group(1, "a")]));
    }

    [Theory]
    [InlineData("""{"approval_groups":[{"approvals_needed":1,"email_addresses":["A@Example.com"]}]}""", 1, "a@example.com")]
    [InlineData("""{"approval_groups":[{"approvals_needed":1,"email_list_uuid":"x"}]}""", 1, "")]
    [InlineData("""{"approval_groups":[{"email_addresses":["a@example.com"]}]}""", int.MaxValue, "a@example.com")]
    [InlineData("""{"approval_groups":[{"approvals_needed":-1,"email_addresses":[5]}]}""", int.MaxValue, "")]
    [InlineData("""{"approval_groups":[7]}""", int.MaxValue, "")]
    public void A_group_that_says_less_than_it_should_can_be_met_by_nobody(string document, int needed, string emails)
    {
        var group = Assert.Single(new AccessPolicyRecord
        {
            Id = Guid.NewGuid(), ApplicationId = null, Name = "p", Decision = "allow", Precedence = 1, Document = document,
            CreatedAt = s_now, UpdatedAt = s_now,
        }.Approvers(AccessLists.None));

        Assert.Equal((needed, emails), (group.Needed, string.Join(',', group.Emails)));
    }

    [Fact]
    public void People_of_a_list_approve_like_those_who_are_named_and_a_list_of_other_things_has_nobody_in_it()
    {
        var lists = new AccessLists([
            new AccessList("people", "People", AccessListKind.Email, ["Boss@example.org", "a@example.org", "alice@example.com"]),
            new AccessList("places", "Places", AccessListKind.Ip, ["192.0.2.1"])]);
        AccessApproverGroup Read(string list) => Assert.Single(new AccessPolicyRecord
        {
            Id = Guid.NewGuid(), ApplicationId = null, Name = "p", Decision = "allow", Precedence = 1, CreatedAt = s_now, UpdatedAt = s_now,
            Document = "{\"approval_groups\":[{\"approvals_needed\":2,\"email_addresses\":[\"a@example.org\"],\"email_list_uuid\":\"" + list + "\"}]}",
        }.Approvers(lists));
        var people = Read("people");
        Assert.Equal(["a@example.org", "alice@example.com", "boss@example.org"], people.Everybody.Order(StringComparer.Ordinal));
        Assert.NotNull(Asked(Yes("a@example.org", 5), Yes("boss@example.org", 5)).ApprovedUntil([people]));
        // Who is named twice is one, and who asks is none.
        Assert.Null(Asked(Yes("a@example.org", 5)).ApprovedUntil([people]));
        Assert.False((Asked() with { Email = "alice@example.com" }).MayVote([people], "alice@example.com"));
        Assert.Equal(["a@example.org"], Read("places").Everybody);
        Assert.Equal(["a@example.org"], Read("gone").Everybody);
    }

    private static AccessApproverGroup Group(int needed, params string[] emails) => new(needed, emails.ToHashSet());

    private static AccessApprovalVote Yes(string email, int minutes) => new(email, true, s_now, s_now.AddMinutes(minutes));

    private static AccessApprovalVote No(string email) => new(email, false, s_now, s_now);

    private static AccessApproval Asked(params AccessApprovalVote[] votes) => new()
    {
        Id = "1", ApplicationId = Guid.Empty, PolicyId = "p", Email = "alice", Address = "192.0.2.1", RequestedAt = s_now,
        ExpiresAt = s_now.AddDays(1), Votes = votes,
    };
}
