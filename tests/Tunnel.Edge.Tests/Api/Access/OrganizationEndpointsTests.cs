using System.Net;
using System.Text.Json.Nodes;

namespace Tunnel.Edge.Tests.Api.Access;

public sealed class OrganizationEndpointsTests : IAsyncLifetime
{
    private ApiHost _host = null!;
    private string _path = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await ApiHost.StartAsync();
        _path = $"accounts/{_host.Account}/access/organizations";
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("""{"mfa_required_for_all_apps":true}""")]
    [InlineData("""{"service_token_inactivity":{"action":"disable","enabled":true,"inactivity_threshold_days":30}}""")]
    public async Task What_would_keep_people_out_and_is_not_enforced_is_refused(string body)
    {
        var path = $"accounts/{_host.Account}/access/organizations";
        (await _host.SendAsync(HttpMethod.Put, path, body)).AssertError(HttpStatusCode.BadRequest, 12130);
        Assert.True((await _host.SendAsync(HttpMethod.Put, path, body.Replace("true", "false", StringComparison.Ordinal))).Success);
    }

    [Fact]
    public async Task The_gateway_reads_what_is_set()
    {
        await _host.SendAsync(HttpMethod.Put, _path, """
            {"deny_unmatched_requests":true,"deny_unmatched_requests_exempted_zone_names":["Open.test."],"strict_service_token_auth":true,
            "auto_redirect_to_identity":true,"login_design":{"header_text":"Tools","background_color":"#abc"}}
            """);
        var settings = _host.Store.Snapshot.Organization.Settings;
        Assert.Equal((true, true), (settings.IsStrictWithServiceTokens, settings.AutoRedirectToIdentity));
        Assert.Equal(("Tools", "#abc", null), (settings.LoginDesign?.HeaderText, settings.LoginDesign?.BackgroundColor, settings.LoginDesign?.TextColor));
        Assert.Equal((true, false, false, true), (
            settings.Denies("a.example.test"), settings.Denies("open.test"), settings.Denies("a.open.test"), settings.Denies("reopen.test")));
    }

    [Fact]
    public async Task It_is_there_from_the_start_and_changes_by_what_is_given()
    {
        Assert.Equal("tunnel.cloudflareaccess.test", (await _host.GetAsync(_path)).Text("auth_domain"));
        var changed = await _host.PutAsync(_path, new JsonObject { ["auth_domain"] = "Lab.example.test", ["future"] = 1 });
        Assert.Equal(("lab.example.test", "Tunnel", "24h"), (changed.Text("auth_domain"), changed.Text("name"), changed.Text("session_duration")));
        changed = await _host.PutAsync(_path, new JsonObject { ["name"] = "Lab", ["session_duration"] = "8h" });
        Assert.Equal(("lab.example.test", "Lab", "8h"), (changed.Text("auth_domain"), changed.Text("name"), changed.Text("session_duration")));
        Assert.Equal(1, changed.Result["future"]!.GetValue<int>());
        Assert.Equal("lab.example.test", _host.Store.Snapshot.Organization.AuthDomain);
    }

    [Fact]
    public async Task What_is_null_goes_back_to_its_default_and_what_is_not_given_stays()
    {
        await _host.PutAsync(_path, new JsonObject
        {
            ["session_duration"] = "8h", ["future"] = 1, ["login_design"] = new JsonObject { ["text_color"] = "#123abc" },
        });
        var changed = await _host.PutAsync(_path, new JsonObject { ["session_duration"] = null, ["future"] = null });
        Assert.Equal("24h", changed.Text("session_duration"));
        Assert.False(changed.Result.AsObject().ContainsKey("future"));
        Assert.Equal("#123abc", changed.Result["login_design"]!["text_color"]!.GetValue<string>());
        Assert.Equal("Tunnel", (await _host.PutAsync(_path, [])).Text("name"));
    }

    [Fact]
    public async Task There_is_one_already_when_somebody_wants_to_make_one()
    {
        var body = new JsonObject { ["name"] = "Lab", ["auth_domain"] = "lab.example.test" };
        (await _host.PostAsync(_path, body)).AssertError(HttpStatusCode.Conflict, 11005);
    }

    [Fact]
    public async Task Signing_somebody_out_everywhere_succeeds_also_when_nobody_is_signed_in()
    {
        var revoked = await _host.PostAsync($"{_path}/revoke_user", new JsonObject { ["email"] = "alice@example.com" });
        Assert.True(revoked.Result.GetValue<bool>());
        (await _host.PostAsync($"{_path}/revoke_user", [])).AssertError(HttpStatusCode.BadRequest, 12130);
    }

    [Theory]
    [InlineData("""{"auth_domain":"not a host"}""")]
    [InlineData("""{"is_ui_read_only":"no"}""")]
    [InlineData("""{"user_seat_expiration_inactive_time":"soon"}""")]
    [InlineData("""{"login_design":{"background_color":"red;background:url(x)"}}""")]
    [InlineData("""{"login_design":{"logo_path":"javascript:alert(1)"}}""")]
    [InlineData("""{"auth_domain":""}""")]
    [InlineData("""{"session_duration":"soon"}""")]
    public async Task Senseless_values_are_refused(string body) =>
        (await _host.SendAsync(HttpMethod.Put, _path, body)).AssertError(HttpStatusCode.BadRequest, 12130);
}
