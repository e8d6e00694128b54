using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Tunnel.Access;
using Tunnel.Core.Client;
using Tunnel.EndToEnd.Tests;
using Tunnel.Testing;

namespace Tunnel.Browser.Tests;

/// <summary>A hostname that people of example.com may enter, one that bob alone may, and how a person gets there by keyboard.</summary>
internal sealed class SignInLab(Chromium chromium) : IAsyncDisposable
{
    public const string Hostname = "people.example.test";
    public const string Other = "other.example.test";
    public const string Team = "tunnel.cloudflareaccess.test";
    public const string Alice = "alice@example.com";

    private OidcServer _provider = null!;
    private string _complaints = "";

    public OriginListener Origin { get; } = new();

    public ShiftedTime Time { get; } = new();

    public EdgeLab Lab { get; private set; } = null!;

    public async ValueTask StartAsync()
    {
        _provider = await OidcServer.StartAsync();
        _provider.AsksWho = true;
        Lab = await EdgeLab.StartAsync(Time, options => options with { IdentityProviderAuthorities = [_provider.Certificate] });
        await Lab.ProtectAsync(Hostname, EdgeLab.Policy(AccessDecision.Allow, new EmailDomainRule("example.com")));
        await Lab.ProtectAsync(Other, EdgeLab.Policy(AccessDecision.Allow, new EmailRule("bob@example.com")));
        await Lab.PublishAsync(Hostname, Origin.Url, connections: 1);
    }

    public async ValueTask DisposeAsync()
    {
        await Lab.DisposeAsync();
        await _provider.DisposeAsync();
        await Origin.DisposeAsync();
    }

    public string Address(string hostname, string path = "/") => $"https://{hostname}:{Lab.PublicAddress.Port}{path}";

    /// <summary>A page whose violations of its own policy, and whose errors, fail the test.</summary>
    public async Task<IPage> OpenAsync(ColorScheme scheme, int width, string address)
    {
        var page = await chromium.OpenAsync(scheme, width);
        // The status of a page that says no is an error to the console; a blocked style, picture or form is one, too.
        page.Console += (_, message) => _complaints += message.Type == "error" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal)
            ? message.Text + "\n" : "";
        await page.GotoAsync(address);
        return page;
    }

    public static async Task SignInAtProviderAsync(IPage page, string email)
    {
        await Pages.TabToAsync(page, page.GetByRole(AriaRole.Link, new() { Name = "Sign in with Example" }));
        await page.Keyboard.PressAsync("Enter");
        await Pages.TypeAsync(page, "Address", email);
        await page.Keyboard.PressAsync("Enter");
    }

    /// <summary>From the page that asks for the address to the one that asks for the code.</summary>
    public async Task<string> AskForPinAsync(IPage page)
    {
        var before = PersonBrowser.Mail(Lab).Length;
        await Pages.TypeAsync(page, "Your email address", Alice);
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page).ToHaveTitleAsync(new System.Text.RegularExpressions.Regex("Enter the code"));
        await Eventually.True(() => PersonBrowser.Mail(Lab).Length > before, "the PIN comes by mail");
        return PersonBrowser.PinOf(PersonBrowser.Mail(Lab)[^1]);
    }

    /// <summary>The connector says what it carries, and the cookie opens a stream to the service.</summary>
    public async Task AssertLetInAsync(IPage page, string path = "/")
    {
        await Assertions.Expect(page).ToHaveURLAsync(Address(Hostname, path));
        await Assertions.Expect(page.GetByText("one hostname serves one protocol")).ToBeVisibleAsync();
        var cookies = await page.Context.CookiesAsync([Address(Hostname)]);
        await using var stream = await AccessStream.ConnectAsync(new AccessClientOptions
        {
            Address = Hostname, ConnectTo = Lab.PublicAddress, CertificateAuthorities = Lab.Authorities,
            AppToken = cookies.Single(c => c.Name == "CF_Authorization").Value,
        });
        await stream.WriteAsync("hello"u8.ToArray());
        await stream.ReadExactlyAsync(new byte[5]);
        Assert.Equal("", _complaints);
    }

    public Task AddProviderAsync() => SendAsync(HttpMethod.Post, "access/identity_providers", new JsonObject
    {
        ["name"] = "Example",
        ["type"] = "oidc",
        ["config"] = new JsonObject
        {
            ["client_id"] = OidcServer.ClientId,
            ["client_secret"] = OidcServer.ClientSecret,
            ["auth_url"] = _provider.Address + "/authorize",
            ["token_url"] = _provider.Address + "/token",
            ["certs_url"] = _provider.Address + "/jwks",
        },
    });

    /// <summary>Sends the API a document, as an administrator does.</summary>
    /// <param name="method">POST or PUT.</param>
    /// <param name="path">Below the account.</param>
    /// <param name="document">What is sent; null for a GET.</param>
    public async Task<JsonObject> SendAsync(HttpMethod method, string path, JsonObject? document)
    {
        using var api = Lab.ApiHttp();
        using var request = new HttpRequestMessage(method, new Uri($"accounts/{Lab.Edge.AccountId}/{path}", UriKind.Relative));
        request.Content = document is null ? null : System.Net.Http.Json.JsonContent.Create(document);
        using var response = await api.SendAsync(request);
        var answer = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, answer);
        return JsonNode.Parse(answer)!["result"]!.AsObject();
    }

    /// <summary>Locks one more hostname that nothing stands behind.</summary>
    /// <param name="hostname">Of the edge's zone.</param>
    /// <param name="policy">The policy's document, without its name.</param>
    /// <param name="settings">The application's own settings.</param>
    public async Task AddApplicationAsync(string hostname, JsonObject policy, JsonObject? settings = null)
    {
        await Lab.AddTunnelAsync(hostname);
        policy["name"] = "people";
        var application = settings ?? [];
        application["type"] = "self_hosted";
        application["domain"] = hostname;
        application["policies"] = new JsonArray(policy);
        await SendAsync(HttpMethod.Post, "access/apps", application);
    }
}
