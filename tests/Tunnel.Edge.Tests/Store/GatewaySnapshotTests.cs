using Tunnel.Access;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Tests.Store;

public sealed class GatewaySnapshotTests : IDisposable
{
    private readonly StateDirectory _directory = new();
    private readonly ManualTime _time = new();
    private readonly EdgeStore _store;
    private readonly string _zone = Guid.NewGuid().ToString("N");

    public GatewaySnapshotTests()
    {
        _store = EdgeStore.Open(new EdgeStoreOptions { StateDirectory = _directory.Path, TimeProvider = _time });
        _store.Zones.TryAdd(new ZoneRecord
        {
            Id = _zone, AccountId = _store.Account.Id, Name = "example.test", Status = "active", Type = "full",
            NameServers = [], CreatedOn = _time.GetUtcNow(), ModifiedOn = _time.GetUtcNow(),
        });
    }

    public void Dispose()
    {
        _store.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void A_proxied_cname_to_a_tunnel_is_a_route()
    {
        var tunnel = Guid.NewGuid();
        Add("ssh.example.test", TunnelRoute.TargetOf(tunnel), proxied: true);
        Assert.Equal(tunnel, _store.Snapshot.FindRoute("SSH.example.test.")?.TunnelId);
    }

    [Fact]
    public void Other_records_are_no_routes()
    {
        Add("plain.example.test", TunnelRoute.TargetOf(Guid.NewGuid()), proxied: false);
        Add("other.example.test", "origin.example.test", proxied: true);
        Assert.Empty(_store.Snapshot.Routes);
        Assert.Null(_store.Snapshot.FindRoute("plain.example.test"));
    }

    [Fact]
    public void A_wildcard_stands_in_where_a_name_has_no_record_of_its_own()
    {
        var (wide, narrow, exact) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        Add("*.example.test", TunnelRoute.TargetOf(wide), proxied: true);
        Add("*.lab.example.test", TunnelRoute.TargetOf(narrow), proxied: true);
        Add("one.lab.example.test", TunnelRoute.TargetOf(exact), proxied: true);
        var snapshot = _store.Snapshot;
        Assert.Equal(exact, snapshot.FindRoute("one.lab.example.test")?.TunnelId);
        Assert.Equal(narrow, snapshot.FindRoute("two.lab.example.test")?.TunnelId);
        Assert.Equal(wide, snapshot.FindRoute("a.b.example.test")?.TunnelId);
        Assert.Null(snapshot.FindRoute("example.test"));
        Assert.Null(snapshot.FindRoute(""));
    }

    [Fact]
    public void Routing_says_what_it_did_and_overwrites_only_when_asked()
    {
        var (first, second) = (Guid.NewGuid(), Guid.NewGuid());
        Assert.Equal(RouteChange.New, Route("ssh.example.test", first, overwrite: false));
        var revision = _store.Revision;
        Assert.Equal(RouteChange.Unchanged, Route("ssh.example.test", first, overwrite: false));
        Assert.Equal(revision, _store.Revision);
        Assert.Equal(RouteChange.Refused, Route("ssh.example.test", second, overwrite: false));
        Assert.Equal(first, _store.Snapshot.FindRoute("ssh.example.test")?.TunnelId);
        Assert.Equal(RouteChange.Updated, Route("ssh.example.test", second, overwrite: true));
        Assert.Equal(second, _store.Snapshot.FindRoute("ssh.example.test")?.TunnelId);
        Assert.Single(_store.DnsRecords.List(_zone));
    }

    [Fact]
    public void Applications_come_with_their_policies_in_order()
    {
        var id = Guid.NewGuid();
        Assert.True(_store.Applications.TryAdd(Application(id, "ssh.example.test")));
        _store.Policies.Add(Policy(id, "second", "allow", """{"include":[{"email":{"email":"a@example.test"}}]}"""), 2);
        _store.Policies.Add(Policy(id, "first", "non_identity", """{"include":[{"any_valid_service_token":{}}]}"""), 1);
        var application = Assert.Single(_store.Snapshot.Applications);
        Assert.Same(application, _store.Snapshot.ApplicationsByAud[application.Aud]);
        Assert.Equal(["first", "second"], application.Policies.Select(p => p.Name));
        Assert.Equal(AccessDecision.NonIdentity, application.Policies[0].Decision);
        Assert.IsType<AnyValidServiceTokenRule>(Assert.Single(application.Policies[0].Include));
    }

    [Theory]
    [InlineData("allow", """{"include":"everyone"}""")]
    [InlineData("permit", """{"include":[{"everyone":{}}]}""")]
    [InlineData("bypass", """{"include":[{"email":{"email":5}}]}""")]
    public void A_stored_policy_that_cannot_be_read_denies_everyone(string decision, string document)
    {
        var policy = Policy(Guid.NewGuid(), "broken", decision, document).ToPolicy();
        Assert.Equal(AccessDecision.Deny, policy.Decision);
        Assert.IsType<EveryoneRule>(Assert.Single(policy.Include));
    }

    [Fact]
    public void Deleted_tunnels_are_left_out_and_present_ones_have_their_secret()
    {
        var kept = Tunnel("kept");
        var gone = Tunnel("gone");
        Assert.True(_store.Tunnels.TryAdd(kept) && _store.Tunnels.TryAdd(gone));
        Assert.True(_store.Tunnels.Delete(gone.Id, _time.GetUtcNow()));
        Assert.False(_store.Tunnels.Delete(gone.Id, _time.GetUtcNow()));
        var found = Assert.Single(_store.Snapshot.Tunnels);
        Assert.Equal(kept.Secret, found.Value.Secret);
        Assert.DoesNotContain("Secret", found.Value.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_tunnel_notes_when_it_was_connected()
    {
        var tunnel = Tunnel("home");
        _store.Tunnels.TryAdd(tunnel);
        _store.Tunnels.NoteConnections(tunnel.Id, active: true, _time.GetUtcNow());
        Assert.Equal(_time.GetUtcNow(), _store.Tunnels.Get(tunnel.Id)!.ConnectionsActiveAt);
        Assert.Null(_store.Tunnels.Get(tunnel.Id)!.ConnectionsInactiveAt);
        _time.Advance(TimeSpan.FromMinutes(1));
        _store.Tunnels.NoteConnections(tunnel.Id, active: false, _time.GetUtcNow());
        Assert.Equal(_time.GetUtcNow(), _store.Tunnels.Get(tunnel.Id)!.ConnectionsInactiveAt);
    }

    private TunnelRecord Tunnel(string name) => new()
    {
        Id = Guid.NewGuid(), AccountId = _store.Account.Id, Name = name, Secret = Guid.NewGuid().ToByteArray(),
        ConfigurationSource = TunnelConfigurationSource.Local, CreatedAt = _time.GetUtcNow(),
    };

    private AccessApplicationRecord Application(Guid id, string domain) => new()
    {
        Id = id, AccountId = _store.Account.Id, Aud = id.ToString("N") + id.ToString("N"), Name = domain, Type = "ssh",
        Domains = [domain], SessionDuration = TimeSpan.FromHours(1), Document = "{}", CreatedAt = _time.GetUtcNow(),
        UpdatedAt = _time.GetUtcNow(),
    };

    private AccessPolicyRecord Policy(Guid application, string name, string decision, string document) => new()
    {
        Id = Guid.NewGuid(), ApplicationId = application, Name = name, Decision = decision, Precedence = 1,
        Document = document, CreatedAt = _time.GetUtcNow(), UpdatedAt = _time.GetUtcNow(),
    };

    private RouteChange Route(string hostname, Guid tunnel, bool overwrite) =>
        _store.DnsRecords.Route(_zone, hostname, tunnel, overwrite, _time.GetUtcNow());

    private void Add(string name, string target, bool proxied) => Assert.Equal(DnsConflict.None, _store.DnsRecords.Add(new DnsRecord
    {
        Id = Guid.NewGuid().ToString("N"), ZoneId = _zone, Type = "CNAME", Name = name, Content = target, Proxied = proxied,
        Document = "{}", CreatedOn = _time.GetUtcNow(), ModifiedOn = _time.GetUtcNow(),
    }));
}
