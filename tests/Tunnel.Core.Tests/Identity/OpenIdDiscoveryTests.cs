using Tunnel.Core.Api;
using Tunnel.Core.Identity;
using Tunnel.Testing;

namespace Tunnel.Core.Tests.Identity;

public sealed class OpenIdDiscoveryTests : IAsyncLifetime
{
    private const string Path = "/.well-known/openid-configuration";

    private readonly AnswerServer _server = new();
    private readonly OpenIdDiscovery _discovery = new(timeout: TimeSpan.FromSeconds(10));

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync()
    {
        _discovery.Dispose();
        return _server.DisposeAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/realms/people")]
    public async Task A_provider_tells_its_addresses_below_its_issuer(string place)
    {
        var issuer = _server.Address + place;
        _server.Answers[place.TrimEnd('/') + Path] = (200, Document(issuer));

        var config = await FillAsync(issuer, new IdentityProviderConfig { ClientId = "tunnel", AuthUrl = "https://old.example" });

        Assert.Equal(
            ("tunnel", "https://id.example.com/a", "https://id.example.com/t", "https://id.example.com/k"),
            (config.ClientId, config.AuthUrl, config.TokenUrl, config.CertsUrl));
        Assert.Equal((issuer, "https://id.example.com/u"), (
            config.Other!["issuer"].GetString(), config.Other["userinfo_url"].GetString()));
    }

    [Fact]
    public async Task The_issuer_is_kept_as_the_provider_writes_it()
    {
        _server.Answers[Path] = (200, Document(_server.Address + "/"));

        Assert.Equal(_server.Address + "/", (await FillAsync(_server.Address)).Other!["issuer"].GetString());
    }

    [Theory]
    [InlineData("\"issuer\"", "\"other\"", "names another issuer")]
    [InlineData("http://127", "http://128", "names another issuer")]
    [InlineData("\"jwks_uri\"", "\"other\"", "names no jwks_uri")]
    [InlineData("\"token_endpoint\"", "\"other\"", "names no token_endpoint")]
    [InlineData("https://id.example.com/t", "http://id.example.com/t", "no https address")]
    [InlineData("https://id.example.com/k", "https://me:secret@id.example.com/k", "no https address")]
    [InlineData("https://id.example.com/u", "file:///etc/passwd", "no https address")]
    [InlineData("{", "[{", "no JSON")]
    public async Task An_answer_that_cannot_be_trusted_is_refused(string what, string by, string reason)
    {
        _server.Answers[Path] = (200, Document(_server.Address).Replace(what, by, StringComparison.Ordinal));

        Assert.Contains(reason, (await RefusedAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_list_than_an_object_is_refused()
    {
        _server.Answers[Path] = (200, "[]");

        Assert.Contains("no JSON object", (await RefusedAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_is_followed_elsewhere_and_too_much_is_not_read()
    {
        Assert.Contains("answered 404", (await RefusedAsync()).Message, StringComparison.Ordinal);

        _server.Headers = $"Location: {_server.Address}/there\r\n";
        (_server.Answers[Path], _server.Answers["/there"]) = ((302, ""), (200, Document(_server.Address)));
        Assert.Contains("answered 302", (await RefusedAsync()).Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_server.Requests, r => r.Path == "/there");

        _server.Answers[Path] = (200, Document(_server.Address) + new string(' ', 256 * 1024));
        Assert.Contains("cannot be asked", (await RefusedAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_provider_that_never_answers_is_not_waited_for()
    {
        _server.Answers[Path] = (0, "");
        using var impatient = new OpenIdDiscovery(timeout: TimeSpan.FromMilliseconds(200));

        var refused = await Assert.ThrowsAsync<OpenIdDiscoveryException>(() =>
            impatient.FillAsync("oidc", _server.Address, new IdentityProviderConfig(), TestContext.Current.CancellationToken));

        Assert.Contains("cannot be asked", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("oidc", "http://id.example.com")]
    [InlineData("oidc", "https://id.example.com?tenant=1")]
    [InlineData("oidc", "https://id.example.com#here")]
    [InlineData("oidc", "https://me:secret@id.example.com")]
    [InlineData("oidc", "id.example.com")]
    [InlineData("okta", "https://id.example.com")]
    public async Task What_is_no_issuer_is_not_asked(string type, string issuer) =>
        await Assert.ThrowsAsync<ArgumentException>(() =>
            _discovery.FillAsync(type, issuer, new IdentityProviderConfig(), TestContext.Current.CancellationToken));

    private Task<IdentityProviderConfig> FillAsync(string issuer, IdentityProviderConfig? settings = null) =>
        _discovery.FillAsync("oidc", issuer, settings ?? new IdentityProviderConfig(), TestContext.Current.CancellationToken);

    private Task<OpenIdDiscoveryException> RefusedAsync() =>
        Assert.ThrowsAsync<OpenIdDiscoveryException>(() => FillAsync(_server.Address));

    private static string Document(string issuer) =>
        $$"""
        {"issuer":"{{issuer}}","authorization_endpoint":"https://id.example.com/a","token_endpoint":"https://id.example.com/t",
         "jwks_uri":"https://id.example.com/k","userinfo_endpoint":"https://id.example.com/u","response_types_supported":["code"]}
        """;
}
