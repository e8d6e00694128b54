using Microsoft.Extensions.Logging.Abstractions;
using Tunnel.Edge.Identity;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Tests.Store;

/// <summary>Requests for an approval as the store keeps them, and what the log says of their ends.</summary>
public sealed class AccessApprovalsTests : IDisposable
{
    private const string Alice = "alice@example.com";
    private const string Boss = "boss@example.org";

    private readonly StateDirectory _directory = new();
    private readonly ManualTime _time = new();
    private readonly Guid _application = Guid.NewGuid();
    private readonly Guid _policy = Guid.NewGuid();
    private EdgeStore _store;

    public AccessApprovalsTests()
    {
        _store = Open();
        Assert.True(_store.Applications.TryAdd(new AccessApplicationRecord
        {
            Id = _application, AccountId = _store.Account.Id, Aud = _application.ToString("N") + _application.ToString("N"), Name = "app",
            Type = "ssh", Domains = ["ssh.example.test"], SessionDuration = TimeSpan.FromHours(1), Document = "{}",
            CreatedAt = _time.GetUtcNow(), UpdatedAt = _time.GetUtcNow(),
        }));
        _store.Policies.Add(new AccessPolicyRecord
        {
            Id = _policy, ApplicationId = _application, Name = "approved", Decision = "allow", Precedence = 1,
            Document = $$$"""{"include":[{"everyone":{}}],"approval_required":true,"approval_groups":[{"approvals_needed":1,"email_addresses":["{{{Boss}}}"]}]}""",
            CreatedAt = _time.GetUtcNow(), UpdatedAt = _time.GetUtcNow(),
        }, null);
    }

    public void Dispose()
    {
        _store.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void A_request_and_what_was_said_to_it_survive_a_restart()
    {
        var asked = Ask()!;
        Assert.Matches("^[0-9a-f]{32}$", asked.Id);
        Vote(asked, approves: true, TimeSpan.FromMinutes(15));
        Vote(asked, approves: false, TimeSpan.Zero); // the later word counts
        var before = _store.Approvals.Find(asked.Id)!;
        Restart();

        var after = _store.Approvals.Find(asked.Id)!;
        Assert.Equal(before with { Votes = [] }, after with { Votes = [] });
        Assert.Equal(before.Votes, after.Votes);
        Assert.False(Assert.Single(after.Votes).Approves);
    }

    [Fact]
    public void Nobody_asks_for_one_application_without_end()
    {
        for (var i = 0; i < AccessApprovals.MaxPerDay; i++)
        {
            Assert.NotNull(Ask());
        }

        Assert.Null(Ask());
        Restart();
        Assert.Null(Ask());
        Assert.NotNull(Ask("bob@example.com"));
        _time.Advance(TimeSpan.FromDays(1));
        Assert.NotNull(Ask());
    }

    [Fact]
    public void The_latest_request_of_a_person_is_the_one_that_counts()
    {
        Ask();
        _time.Advance(TimeSpan.FromSeconds(1));
        var second = Ask()!;
        Ask("bob@example.com");

        Assert.Equal(second.Id, _store.Approvals.Latest(Alice, _application, PolicyId)!.Id);
        Assert.Null(_store.Approvals.Latest(Alice, _application, "another"));
        Assert.Null(_store.Approvals.Latest(Alice, Guid.NewGuid(), PolicyId));
    }

    [Fact]
    public async Task The_end_of_what_was_approved_is_written_down_once()
    {
        await using var ends = Ends();
        Vote(Ask()!, approves: true, TimeSpan.FromMinutes(15));
        _time.Advance(TimeSpan.FromMinutes(14));
        Assert.Empty(await ReasonsAsync());

        _time.Advance(TimeSpan.FromMinutes(2));
        _time.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(["The approval expired."], await ReasonsAsync());
    }

    [Fact]
    public async Task A_request_that_nobody_approved_is_written_down_as_expired_also_after_a_restart()
    {
        Ask();
        Restart();
        await using (Ends())
        {
            _time.Advance(TimeSpan.FromHours(23));
            Assert.Empty(await ReasonsAsync());
            _time.Advance(TimeSpan.FromHours(2));
            Assert.Equal(["The request for an approval expired: too few have approved it."], await ReasonsAsync());
        }

        Restart();
        await using var ends = Ends();
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Single(await ReasonsAsync());
        Assert.Empty(_store.Approvals.NotEnded);
    }

    [Fact]
    public async Task What_an_approver_refused_does_not_expire_as_well()
    {
        await using var ends = Ends();
        Vote(Ask()!, approves: false, TimeSpan.Zero);

        _time.Advance(TimeSpan.FromHours(25));

        Assert.Empty(await ReasonsAsync());
        Assert.Empty(_store.Approvals.NotEnded);
    }

    private string PolicyId => _policy.ToString("D");

    private AccessApproval? Ask(string email = Alice) => _store.Approvals.Ask(new AccessApproval
    {
        Id = "", ApplicationId = _application, PolicyId = PolicyId, Email = email, Purpose = "Ticket", Address = "192.0.2.1", Country = "NZ",
        RequestedAt = _time.GetUtcNow(), ExpiresAt = _time.GetUtcNow().AddDays(1),
    });

    private void Vote(AccessApproval asked, bool approves, TimeSpan duration) => Assert.NotNull(_store.Approvals.Vote(
        asked.Id, new AccessApprovalVote(Boss, approves, _time.GetUtcNow(), _time.GetUtcNow() + duration)));

    private ApprovalEnds Ends() => new(_store, _time, NullLogger<ApprovalEnds>.Instance);

    private async Task<string?[]> ReasonsAsync()
    {
        await _store.AccessRequests.FlushAsync(TestContext.Current.CancellationToken);
        var found = _store.AccessRequests.Find(new AccessRequestQuery());
        Assert.All(found, e => Assert.Equal((AccessRequestEntry.Approval, false, Alice, "app", "approved", "192.0.2.1"),
            (e.Action, e.Allowed, e.UserEmail, e.ApplicationName, e.Policy, e.IpAddress)));
        return [.. found.Select(e => e.Reason)];
    }

    private void Restart()
    {
        _store.Dispose();
        _store = Open();
    }

    private EdgeStore Open() => EdgeStore.Open(new EdgeStoreOptions { StateDirectory = _directory.Path, TimeProvider = _time });
}
