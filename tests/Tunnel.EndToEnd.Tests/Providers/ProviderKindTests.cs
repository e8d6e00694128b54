using Tunnel.Access;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests;

/// <summary>The kinds of OpenID Connect providers that have addresses and claims of their own.</summary>
public sealed class ProviderKindTests
{
    [Theory]
    [InlineData("okta", null, "", "oauth2/v1/authorize", "oauth2/v1/token", "oauth2/v1/keys")]
    [InlineData("okta", "default", "/oauth2/default", "v1/authorize", "v1/token", "v1/keys")]
    [InlineData("onelogin", null, "/oidc/2", "auth", "token", "certs")]
    [InlineData("pingone", null, "/11111111-1111-4111-8111-111111111111/as", "authorize", "token", "jwks")]
    public async Task People_sign_in_and_their_groups_let_them_in(
        string type, string? server, string pathBase, string authorize, string token, string keys)
    {
        await using var provider = await OidcServer.StartAsync(pathBase, authorize, token, keys);
        provider.Claims.Add(("groups", "operators"));
        provider.Claims.Add(("groups", "staff"));
        await using var visit = await ProviderVisit.StartAsync(provider.Certificate, null, ("auth.pingone.com", provider.Address));
        var id = await visit.AddProviderAsync(type, Config(type, provider, server));
        await visit.ProtectAsync(new OktaGroupRule("operators", id));

        Assert.Equal(200, await visit.SignInAsync());
        provider.Claims.Remove(("groups", "operators"));
        Assert.Equal(403, await visit.SignInAsync());
    }

    [Theory]
    [InlineData("22222222-2222-4222-8222-222222222222", 200)]
    [InlineData("33333333-3333-4333-8333-333333333333", 403)]
    public async Task Groups_of_Entra_are_told_by_their_ids(string group, int status)
    {
        const string Directory = "11111111-1111-4111-8111-111111111111";
        await using var provider = await OidcServer.StartAsync($"/{Directory}", "oauth2/v2.0/authorize", "oauth2/v2.0/token", "discovery/v2.0/keys");
        provider.Change = claims => claims["iss"] = $"{provider.Address}/{Directory}/v2.0";
        provider.NamesItself = false; // as Entra
        provider.Claims.Add(("groups", "22222222-2222-4222-8222-222222222222"));
        await using var visit = await ProviderVisit.StartAsync(provider.Certificate, null, ("login.microsoftonline.com", provider.Address));
        var id = await visit.AddProviderAsync("azureAD", Config("azureAD", provider, null));
        await visit.ProtectAsync(new AzureGroupRule(group, id));

        Assert.Equal(status, await visit.SignInAsync());
    }

    [Theory]
    [InlineData("google", null, 200)]
    [InlineData("google-apps", "example.com", 200)]
    [InlineData("google-apps", "elsewhere.test", 403)]
    [InlineData("google-apps", null, 403)]
    public async Task Google_Workspace_lets_in_people_of_its_domain_only(string type, string? domain, int status)
    {
        await using var provider = await OidcServer.StartAsync(authorize: "o/oauth2/v2/auth", token: "token", keys: "oauth2/v3/certs");
        provider.Claims.Add(("hd", domain ?? ""));
        await using var visit = await ProviderVisit.StartAsync(provider.Certificate, null,
            ("accounts.google.com", provider.Address), ("oauth2.googleapis.com", provider.Address), ("www.googleapis.com", provider.Address));
        await visit.AddProviderAsync(type, Config(type, provider, null));
        await visit.ProtectAsync(new EmailDomainRule("example.com"));

        Assert.Equal(status, await visit.SignInAsync());
    }

    [Fact]
    public async Task The_provider_is_asked_for_what_the_settings_say()
    {
        await using var provider = await OidcServer.StartAsync();
        await using var visit = await ProviderVisit.StartAsync(provider.Certificate);
        await visit.AddProviderAsync("google-apps", new
        {
            client_id = "x", client_secret = "y", apps_domain = "example.com", prompt = "select_account",
        });
        await visit.ProtectAsync(new EveryoneRule());
        using var browser = new PersonBrowser(visit.Lab);

        var address = await ProviderVisit.GoToProviderAsync(browser);

        Assert.Equal("https://accounts.google.com/o/oauth2/v2/auth", address.GetLeftPart(UriPartial.Path));
        Assert.Contains("hd=example.com", address.Query, StringComparison.Ordinal);
        Assert.Contains("prompt=select_account", address.Query, StringComparison.Ordinal);
        Assert.Contains("code_challenge_method=S256", address.Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_edge_does_not_serve_the_sign_in_page_says()
    {
        await using var provider = await OidcServer.StartAsync();
        await using var visit = await ProviderVisit.StartAsync(provider.Certificate);
        var id = await visit.AddProviderAsync("saml", new { issuer_url = "https://id.example.com", sso_target_url = "https://id.example.com/sso" });
        var application = await visit.ProtectAsync(new EveryoneRule());
        await visit.Lab.Api.Applications.UpdateAsync(visit.Lab.Edge.AccountId, application with { AllowedIdps = [id] });
        using var browser = new PersonBrowser(visit.Lab);

        var page = await browser.OpenLoginAsync(ProviderVisit.Hostname);

        Assert.Contains("Example (saml) cannot be used here", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<form", page.Text, StringComparison.Ordinal);
    }

    private static object Config(string type, OidcServer provider, string? server) => new
    {
        client_id = OidcServer.ClientId,
        client_secret = OidcServer.ClientSecret,
        okta_account = type == "okta" ? provider.Address : null,
        authorization_server_id = server,
        onelogin_account = type == "onelogin" ? provider.Address : null,
        ping_env_id = type == "pingone" ? "11111111-1111-4111-8111-111111111111" : null,
        directory_id = type == "azureAD" ? "11111111-1111-4111-8111-111111111111" : null,
        apps_domain = type == "google-apps" ? "example.com" : null,
    };
}
