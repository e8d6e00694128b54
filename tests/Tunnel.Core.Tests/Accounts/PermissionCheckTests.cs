using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tunnel.Core.Accounts;
using Tunnel.Core.Api;
using Tunnel.Testing;

namespace Tunnel.Core.Tests.Accounts;

/// <summary>Against a real edge, whose tokens have Cloudflare's permission groups.</summary>
public sealed class PermissionCheckTests : IAsyncLifetime
{
    private const string ReadItself = "0cc3a61731504c89b99ec1be78b77aa0";
    private const string TunnelRead = "efea2ab8357b47888938f101ae5e053f";
    private const string TunnelWrite = "c07321b023e944ff818fec44d8203567";
    private const string ZoneRead = "c8fed203ed3043cba015a93ad1616f1f";
    private const string DnsWrite = "4755a26eedb94da69e1066d98aa820be";
    private const string SettingsRead = "c1fde68c7bcc44588cbb6ddbc16d6480";

    private static readonly string[] Commands =
    [
        "Get-Tunnel", "New-Tunnel", "Remove-Tunnel", "Get-TunnelZone", "New-TunnelZone", "Get-AccessApplication", "New-AccessApplication",
        "Get-AccessServiceToken", "New-AccessServiceToken", "Get-AccessLog", "Get-AccessGroup", "New-TunnelRoute",
    ];

    private EdgeLab _lab = null!;

    public async ValueTask InitializeAsync() => _lab = await EdgeLab.StartAsync();

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task The_administrators_token_lacks_nothing()
    {
        using var account = await ConnectAsync(_lab.Edge.ApiToken);
        Assert.Empty(account.MissingPermissions!);
    }

    [Fact]
    public async Task A_token_that_may_read_itself_is_told_what_it_may_not_change()
    {
        var token = await IssueAsync(
            (await UserAsync(), [ReadItself]),
            ("com.cloudflare.api.account." + _lab.Edge.AccountId, [TunnelRead, SettingsRead]),
            ("com.cloudflare.api.account.zone.*", [ZoneRead, DnsWrite]));
        using var account = await ConnectAsync(token);
        var missing = account.MissingPermissions!.ToDictionary(m => m.Group);
        Assert.Equal(["New-Tunnel", "New-TunnelRoute", "Remove-Tunnel"], missing["Cloudflare Tunnel Write"].Cmdlets);
        Assert.Equal("Account > Cloudflare Tunnel > Edit", missing["Cloudflare Tunnel Write"].Permission);
        Assert.Equal(["Get-AccessServiceToken", "New-AccessServiceToken"], missing["Access: Service Tokens Write"].Cmdlets);
        Assert.Equal(["New-TunnelZone"], missing["Zone Write"].Cmdlets);
        Assert.Equal("Account > Access: Audit Logs > Read", missing["Access: Audit Logs Read"].Permission);
        Assert.DoesNotContain("DNS Write", missing.Keys);
    }

    [Fact]
    public async Task A_token_that_may_not_is_tried_out()
    {
        var token = await IssueAsync(
            ("com.cloudflare.api.account." + _lab.Edge.AccountId, [TunnelWrite]), ("com.cloudflare.api.account.zone.*", [ZoneRead]));
        using var account = await ConnectAsync(token);
        var groups = account.MissingPermissions!.Select(m => m.Group).ToArray();
        Assert.Contains("Access: Apps and Policies Write", groups);
        Assert.Contains("DNS Write", groups);
        Assert.DoesNotContain("Cloudflare Tunnel Write", groups);
        Assert.DoesNotContain("Zone Write", groups);
        Assert.Contains("Get-AccessApplication", account.MissingPermissions!.Single(m => m.Group == "Access: Apps and Policies Write").Cmdlets);
    }

    [Fact]
    public async Task The_account_of_a_narrow_token_is_found_by_its_zones()
    {
        var token = await IssueAsync(("com.cloudflare.api.account.zone.*", [ZoneRead]));
        using var account = await ConnectAsync(token);
        Assert.Equal((_lab.Edge.AccountId, "Tunnel"), (account.AccountId, account.Name));
    }

    [Fact]
    public async Task The_account_of_a_token_that_sees_nothing_else_is_the_one_that_is_named()
    {
        var token = await IssueAsync(("com.cloudflare.api.account.*", [TunnelRead]));
        using var account = await ConnectAsync(token, _lab.Edge.AccountId);
        Assert.Equal(_lab.Edge.AccountId, account.AccountId);
        await Assert.ThrowsAsync<AccountException>(() => ConnectAsync(token));
        await Assert.ThrowsAsync<AccountException>(() => ConnectAsync(token, new string('a', 32)));
    }

    [Fact]
    public async Task A_token_that_the_account_owns_connects()
    {
        var token = await IssueAsync($"accounts/{_lab.Edge.AccountId}/tokens",
            ("com.cloudflare.api.account.*", [TunnelRead]), ("com.cloudflare.api.account.zone.*", [ZoneRead]));
        using var account = await ConnectAsync(token);
        Assert.Equal("active", account.Token?.Status);
    }

    [Fact]
    public async Task A_disconnected_account_has_forgotten_its_token_and_says_so()
    {
        var account = await ConnectAsync(_lab.Edge.ApiToken);
        account.Dispose();
        var e = await Assert.ThrowsAsync<AccountDisconnectedException>(() => account.Api.Zones.GetAsync("z1"));
        Assert.Contains("Connect it again", e.Message, StringComparison.Ordinal);
    }

    private Task<TunnelAccount> ConnectAsync(string token, string? account = null) => AccountConnector.ConnectAsync(
        new AccountConnectorOptions
        {
            ApiToken = token,
            Account = account,
            ApiAddress = _lab.Edge.ApiAddress,
            CertificateAuthorityFile = _lab.Edge.CertificateAuthorityFile,
            CheckPermissions = true,
            PermissionCheckTimeout = TimeSpan.FromSeconds(60),
            Commands = Commands,
        });

    private async Task<string> UserAsync()
    {
        using var client = _lab.ApiHttp();
        var answer = await client.GetFromJsonAsync<JsonElement>("user");
        return "com.cloudflare.api.user." + answer.GetProperty("result").GetProperty("id").GetString();
    }

    private Task<string> IssueAsync(params (string Resource, string[] Groups)[] policies) => IssueAsync("user/tokens", policies);

    private async Task<string> IssueAsync(string path, params (string Resource, string[] Groups)[] policies)
    {
        using var client = _lab.ApiHttp();
        using var answer = await client.PostAsJsonAsync(path, new JsonObject
        {
            ["name"] = "narrow",
            ["policies"] = new JsonArray([.. policies.Select(policy => new JsonObject
            {
                ["effect"] = "allow",
                ["resources"] = new JsonObject { [policy.Resource] = "*" },
                ["permission_groups"] = new JsonArray([.. policy.Groups.Select(id => new JsonObject { ["id"] = id })]),
            })]),
        });
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return body.GetProperty("result").GetProperty("value").GetString()!;
    }
}
