using System.Text.Json;
using Tunnel.Core.Api;

namespace Tunnel.Core.Tests.Api;

public sealed class SecretTests
{
    private const string Token = "token-for-tests";

    [Fact]
    public async Task The_token_goes_into_the_authorization_header_only()
    {
        await using var server = await ScriptedApi.StartAsync((context, _) => ScriptedApi.OkAsync(context, "[]"));
        using var api = server.Client();
        await foreach (var _ in api.Zones.ListAsync())
        {
        }

        Assert.Equal($"Bearer {Token}", server.Authorizations.Single());
        Assert.DoesNotContain(Token, server.Requests.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failures_and_texts_never_show_the_token()
    {
        await using var server = await ScriptedApi.StartAsync((context, n) => n == 0
            ? ScriptedApi.ErrorAsync(context, 403, 10000, "no")
            : ScriptedApi.AnswerAsync(context, 200, "?"));
        using var api = server.Client(() => server.Options(retries: 0));
        Assert.DoesNotContain(Token, api.ToString(), StringComparison.Ordinal);
        for (var i = 0; i < 2; i++)
        {
            var e = await Assert.ThrowsAsync<TunnelApiException>(() => api.Zones.GetAsync("z1"));
            Assert.DoesNotContain(Token, e + e.Advice + e.Call, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("secret\nHost: evil.test")]
    [InlineData("secr et")]
    [InlineData("sécret")]
    public void A_token_that_no_header_can_hold_is_refused_without_being_shown(string token)
    {
        var e = Assert.Throws<ArgumentException>(() => new TunnelApiClient(new TunnelApiOptions { ApiToken = token }));
        Assert.DoesNotContain(token, e.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://api.example.test/client/v4")]
    [InlineData("ftp://127.0.0.1/")]
    [InlineData("https://user:pass@api.example.test/")]
    [InlineData("https://api.example.test/?x=1")]
    public void An_address_that_would_leak_the_token_is_refused(string address) =>
        Assert.Throws<ArgumentException>(() =>
            new TunnelApiClient(new TunnelApiOptions { ApiToken = Token, BaseAddress = new Uri(address) }));

    [Theory]
    [InlineData("https://api.example.test/client/v4")]
    [InlineData("https://api.example.test/client/v4/")]
    [InlineData("https://api.example.test/client/v4//")]
    public void An_address_is_taken_with_or_without_a_trailing_slash(string address)
    {
        using var api = new TunnelApiClient(new TunnelApiOptions { ApiToken = Token, BaseAddress = new Uri(address) });
        Assert.Equal("https://api.example.test/client/v4/", api.BaseAddress.AbsoluteUri);
    }

    [Fact]
    public void Resources_with_secrets_do_not_show_them_as_text()
    {
        var token = new ServiceToken { Id = "1", Name = "ci", ClientId = "id.access", ClientSecret = "hidden" };
        var tunnel = new TunnelInfo { Id = "1", Name = "t", Token = "hidden" };
        Assert.DoesNotContain("hidden", $"{token}{tunnel}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_this_version_does_not_know_survives_an_update()
    {
        await using var server = await ScriptedApi.StartAsync((context, n) => ScriptedApi.OkAsync(context, """
            {"id":"p1","name":"p","decision":"allow","precedence":1,"include":[{"okta":{"name":"x","id":"y"}}],
             "exclude":[],"require":[],"purpose_justification_required":true,"created_at":"2026-01-01T00:00:00Z"}
            """));
        using var api = server.Client();
        var policy = await api.Policies.GetAsync("a1", "app", "p1");
        await api.Policies.UpdateAsync("a1", "app", policy with { Name = "q" });
        using var sent = JsonDocument.Parse(server.Bodies.Last());
        Assert.Equal("q", sent.RootElement.GetProperty("name").GetString());
        Assert.True(sent.RootElement.GetProperty("purpose_justification_required").GetBoolean());
        Assert.Equal("x", sent.RootElement.GetProperty("include")[0].GetProperty("okta").GetProperty("name").GetString());
        Assert.False(sent.RootElement.TryGetProperty("id", out _));
        Assert.False(sent.RootElement.TryGetProperty("created_at", out _));
    }
}
