using System.Security.Cryptography;
using System.Text.Json;
using Tunnel.Access;
using Tunnel.Core.Api;
using Tunnel.Core.Applications;
using Tunnel.Protocol.Credentials;
using Tunnel.Testing;

namespace Tunnel.Core.Tests.Api;

/// <summary>Every resource area against a real edge, whose API is written from Cloudflare's documents and not from this client.</summary>
public sealed class EdgeApiTests : IAsyncLifetime
{
    private EdgeLab _lab = null!;

    private TunnelApiClient Api => _lab.Api;

    private string Account => _lab.Edge.AccountId;

    public async ValueTask InitializeAsync() => _lab = await EdgeLab.StartAsync();

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task Tokens_and_accounts()
    {
        Assert.Equal("active", (await Api.Tokens.VerifyAsync()).Status);
        Assert.Equal("active", (await Api.Tokens.VerifyAsync(Account)).Status);
        Assert.Equal(Account, (await Api.Accounts.ListAsync().SingleAsync()).Id);
        Assert.Equal("Tunnel", (await Api.Accounts.GetAsync(Account)).Name);
    }

    [Fact]
    public async Task Zones()
    {
        var zone = await Api.Zones.CreateAsync(Account, "other.test");
        Assert.Equal("other.test", zone.Name);
        Assert.NotEmpty(zone.NameServers!);
        Assert.Equal(zone.Id, (await Api.Zones.ListAsync(new ZoneFilter { Name = "other.test" }).SingleAsync()).Id);
        Assert.Equal(2, await Api.Zones.ListAsync(new ZoneFilter { AccountId = Account }).CountAsync());
        var e = await Assert.ThrowsAsync<TunnelApiException>(() => Api.Zones.CreateAsync(Account, "other.test"));
        Assert.True(e.HasCode(ApiErrorCodes.ZoneExists), e.Message);
        await Api.Zones.DeleteAsync(zone.Id);
        Assert.True((await Assert.ThrowsAsync<TunnelApiException>(() => Api.Zones.GetAsync(zone.Id))).StatusCode >= 400);
    }

    [Fact]
    public async Task Dns_records()
    {
        var zone = await Api.Zones.ListAsync(new ZoneFilter { Name = EdgeLab.Zone }).SingleAsync();
        var record = await Api.DnsRecords.CreateAsync(
            zone.Id, new DnsRecord { Type = "A", Name = "a.example.test", Content = "192.0.2.1", Ttl = 1 });
        var changed = await Api.DnsRecords.UpdateAsync(zone.Id, record with { Content = "192.0.2.2" });
        Assert.Equal(("192.0.2.2", record.Id), (changed.Content, changed.Id));
        Assert.Equal("192.0.2.2", (await Api.DnsRecords.GetAsync(zone.Id, record.Id)).Content);
        Assert.Equal(record.Id, (await Api.DnsRecords.ListAsync(zone.Id, new DnsRecordFilter { Name = "a.example.test" }).SingleAsync()).Id);
        Assert.Null(changed.TunnelId);
        await Api.DnsRecords.DeleteAsync(zone.Id, record.Id);
        Assert.Equal(0, await Api.DnsRecords.ListAsync(zone.Id, new DnsRecordFilter { Name = "a.example.test" }).CountAsync());
    }

    [Fact]
    public async Task Tunnels()
    {
        var secret = RandomNumberGenerator.GetBytes(32);
        var tunnel = await Api.Tunnels.CreateAsync(Account, "one", secret);
        var id = Guid.Parse(tunnel.Id);
        Assert.Equal(secret, TunnelToken.Parse(await Api.Tunnels.GetTokenAsync(Account, id)).TunnelSecret);
        var e = await Assert.ThrowsAsync<TunnelApiException>(() => Api.Tunnels.CreateAsync(Account, "one", secret));
        Assert.True(e.IsConflict);
        Assert.Equal("two", (await Api.Tunnels.UpdateAsync(Account, id, "two")).Name);
        Assert.Equal("inactive", (await Api.Tunnels.GetAsync(Account, id)).Status);
        Assert.Equal(0, await Api.Tunnels.ListConnectionsAsync(Account, id).CountAsync());
        var zone = await Api.Zones.ListAsync(new ZoneFilter { Name = EdgeLab.Zone }).SingleAsync();
        Assert.Equal("new", (await Api.Tunnels.RouteDnsAsync(zone.Id, id, "a.example.test")).Cname);
        Assert.Equal("unchanged", (await Api.Tunnels.RouteDnsAsync(zone.Id, id, "a.example.test")).Cname);
        Assert.Equal(id, (await Api.DnsRecords.ListAsync(zone.Id).SingleAsync()).TunnelId);
        await Api.Tunnels.CleanUpConnectionsAsync(Account, id);
        await Api.Tunnels.DeleteAsync(Account, id, cascade: true);
        Assert.Equal(0, await Api.Tunnels.ListAsync(Account).CountAsync());
        var deleted = await Api.Tunnels.ListAsync(Account, new TunnelFilter { IsDeleted = true }).SingleAsync();
        Assert.True(deleted.IsDeleted);
    }

    [Fact]
    public async Task Applications_and_policies()
    {
        var application = await _lab.ProtectAsync("a.example.test");
        Assert.NotNull(application.Aud);
        var policy = await Api.Policies.CreateAsync(Account, application.Id, new AccessPolicyResource
        {
            Name = "staff", Decision = AccessDecision.Allow, Include = [new EmailDomainRule("example.test")], Exclude = [new EmailRule("eve@example.test")],
        });
        Assert.Equal(AccessDecision.Allow, policy.Decision);
        Assert.Equal([new EmailDomainRule("example.test")], policy.Include);
        var changed = await Api.Policies.UpdateAsync(Account, application.Id, policy with { Decision = AccessDecision.Deny });
        Assert.Equal(AccessDecision.Deny, changed.Decision);
        Assert.Equal([new EmailRule("eve@example.test")], changed.Exclude);
        Assert.Equal(policy.Id, (await Api.Policies.ListAsync(Account, application.Id).SingleAsync()).Id);
        var renamed = await Api.Applications.UpdateAsync(Account, application with { Name = "renamed", Policies = null });
        Assert.Equal(("renamed", application.Aud), (renamed.Name, renamed.Aud));
        await Api.Policies.DeleteAsync(Account, application.Id, policy.Id);
        await Api.Applications.DeleteAsync(Account, application.Id);
        Assert.True((await Assert.ThrowsAsync<TunnelApiException>(() => Api.Applications.GetAsync(Account, application.Id))).IsNotFound);
    }

    [Fact]
    public async Task Reusable_policies()
    {
        var policy = await Api.ReusablePolicies.CreateAsync(Account, new AccessPolicyResource
        {
            Name = "staff", Decision = AccessDecision.Allow, Include = [new EmailDomainRule("example.test")],
        });
        Assert.Equal((true, 0), (policy.Reusable, policy.AppCount));
        var application = await Api.Applications.CreateAsync(
            Account, new AccessApplication { Domain = "r.example.test", Type = "self_hosted" }, [new AccessPolicyLink(policy.Id, 4)]);
        Assert.Equal((policy.Id, 4), (application.Policies![0].Id, application.Policies[0].Precedence));
        Assert.Equal(application.Id, (await Api.Applications.GetAsync(Account, application.Aud!)).Id);
        var changed = await Api.ReusablePolicies.UpdateAsync(Account, policy with { Name = "people" });
        Assert.Equal(("people", 1), (changed.Name, (await Api.ReusablePolicies.ListAsync(Account).SingleAsync()).AppCount));
        var refused = await Assert.ThrowsAsync<TunnelApiException>(() => Api.ReusablePolicies.DeleteAsync(Account, policy.Id));
        Assert.Equal(400, refused.StatusCode);
        Assert.Empty((await Api.Applications.UpdateAsync(Account, application, [])).Policies!);
        await Api.ReusablePolicies.DeleteAsync(Account, policy.Id);

        var own = await Api.Policies.CreateAsync(Account, application.Id, policy);
        await Api.Policies.MakeReusableAsync(Account, application.Id, own.Id);
        Assert.Equal(own.Id, (await Api.ReusablePolicies.GetAsync(Account, own.Id)).Id);
        await Api.Applications.RevokeTokensAsync(Account, application.Id);
    }

    [Fact]
    public async Task What_this_client_does_not_know_of_an_application_survives_a_change()
    {
        var catalog = new ApplicationCatalog(Api, Account);
        var made = await Api.Applications.CreateAsync(Account, new AccessApplication
        {
            Domain = "f.example.test", Type = "self_hosted",
            Other = new Dictionary<string, JsonElement> { ["future"] = JsonElement.Parse("""{"depth":[1.50,null]}""") },
        });
        var own = await Api.Policies.CreateAsync(Account, made.Id, new AccessPolicyResource
        {
            Name = "own", Decision = AccessDecision.Deny, Include = [new EveryoneRule()],
            Other = new Dictionary<string, JsonElement> { ["mfa_config"] = JsonElement.Parse("""{"session_duration":"1h"}""") },
            ApprovalGroups = [new AccessApprovalGroup { ApprovalsNeeded = 2 }],
        });
        var changed = await catalog.UpdateAsync(made.Id, new ApplicationChange { Name = "other" }, TestContext.Current.CancellationToken);
        Assert.Equal(("other", """{"depth":[1.50,null]}"""), (changed.Name, changed.Other!["future"].GetRawText()));
        var policy = await new PolicyCatalog(Api, Account).UpdateAsync(
            await new PolicyCatalog(Api, Account).GetAsync(made.Id, "own", TestContext.Current.CancellationToken) with { Name = "mine" },
            TestContext.Current.CancellationToken);
        Assert.Equal((own.Id, "mine"), (policy.Id, policy.Name));
        var read = await Api.Policies.GetAsync(Account, made.Id, own.Id);
        Assert.Equal("""{"session_duration":"1h"}""", read.Other!["mfa_config"].GetRawText());
        Assert.Equal(2, Assert.Single(read.ApprovalGroups!).ApprovalsNeeded);
    }

    [Fact]
    public async Task Somebody_who_was_removed_while_sessions_are_listed_has_none() =>
        Assert.Empty(await new Tunnel.Core.Users.UserCatalog(Api, Account).ListSessionsAsync(
            new AccessUser { Id = Guid.NewGuid().ToString("D") }, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken));

    [Fact]
    public async Task Service_tokens_are_rotated_refreshed_and_disabled()
    {
        var made = await Api.ServiceTokens.CreateAsync(Account, "ci", "24h");
        var rotated = await Api.ServiceTokens.RotateAsync(Account, made.Id, DateTimeOffset.UtcNow.AddHours(1));
        Assert.NotEqual(made.ClientSecret, rotated.ClientSecret);
        Assert.Equal(2, rotated.ClientSecretVersion);
        Assert.NotNull(rotated.PreviousClientSecretExpiresAt);
        Assert.True((await Api.ServiceTokens.RefreshAsync(Account, made.Id)).ExpiresAt > made.ExpiresAt);
        Assert.False((await Api.ServiceTokens.UpdateAsync(Account, made.Id, enabled: false)).Enabled);
    }

    [Fact]
    public async Task Service_tokens_tell_their_secret_once()
    {
        var token = await Api.ServiceTokens.CreateAsync(Account, "ci", "24h");
        Assert.NotEmpty(token.ClientSecret!);
        Assert.Null((await Api.ServiceTokens.GetAsync(Account, token.Id)).ClientSecret);
        Assert.Equal(token.ClientId, (await Api.ServiceTokens.ListAsync(Account).SingleAsync()).ClientId);
        Assert.Equal("other", (await Api.ServiceTokens.UpdateAsync(Account, token.Id, "other")).Name);
        await Api.ServiceTokens.DeleteAsync(Account, token.Id);
        Assert.Equal(0, await Api.ServiceTokens.ListAsync(Account).CountAsync());
    }

    [Fact]
    public async Task Lists_longer_than_a_page_come_whole()
    {
        for (var i = 0; i < 60; i++)
        {
            await Api.Tunnels.CreateAsync(Account, $"t{i}", RandomNumberGenerator.GetBytes(32));
        }

        Assert.Equal(60, await Api.Tunnels.ListAsync(Account).Select(static t => t.Id).Distinct().CountAsync());
    }
}
