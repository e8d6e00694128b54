using Microsoft.Playwright;
using Tunnel.Access;
using Tunnel.Core.Client;
using Tunnel.EndToEnd.Tests;
using Tunnel.Protocol.Transfers;
using Tunnel.Testing;

namespace Tunnel.Browser.Tests;

/// <summary>
/// People come to a protected hostname in a real browser, with the keyboard alone and without scripts, and sign in by a real
/// OpenID Connect provider or by a PIN.
/// </summary>
public sealed class SignInTests(Chromium chromium) : IClassFixture<Chromium>, IAsyncLifetime
{
    private const string Hostname = "people.example.test";
    private const string Other = "other.example.test";
    private const string Team = "tunnel.cloudflareaccess.test";
    private const string Alice = "alice@example.com";

    private readonly OriginListener _origin = new();
    private readonly ShiftedTime _time = new();
    private OidcServer _provider = null!;
    private EdgeLab _lab = null!;

    public async ValueTask InitializeAsync()
    {
        _provider = await OidcServer.StartAsync();
        _provider.AsksWho = true;
        _lab = await EdgeLab.StartAsync(_time, options => options with { IdentityProviderAuthorities = [_provider.Certificate] });
        await _lab.ProtectAsync(Hostname, EdgeLab.Policy(AccessDecision.Allow, new EmailDomainRule("example.com")));
        await _lab.ProtectAsync(Other, EdgeLab.Policy(AccessDecision.Allow, new EmailRule("bob@example.com")));
        await _lab.PublishAsync(Hostname, _origin.Url, connections: 1);
    }

    public async ValueTask DisposeAsync()
    {
        await _lab.DisposeAsync();
        await _provider.DisposeAsync();
        await _origin.DisposeAsync();
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1000)]
    [InlineData(ColorScheme.Dark, 1000)]
    [InlineData(ColorScheme.Light, 320)]
    [InlineData(ColorScheme.Dark, 320)]
    public async Task A_person_chooses_the_provider_signs_in_and_is_let_in(ColorScheme scheme, int width)
    {
        await AddProviderAsync();
        var page = await OpenAsync(scheme, width, Address(Hostname));
        var shot = $"sign-in-{scheme}-{width}".ToLowerInvariant();

        await Pages.AssertAsync(page, $"Sign in to {Hostname}");
        await Assertions.Expect(page.GetByLabel("Your email address")).ToHaveAccessibleDescriptionAsync("A code of six digits is sent there.");
        await Screenshots.TakeAsync(page, shot + "-1-choose");
        await Pages.TabToAsync(page, page.GetByRole(AriaRole.Link, new() { Name = "Sign in with Example" }));
        await Screenshots.TakeAsync(page, shot + "-2-focus");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page).ToHaveTitleAsync("Provider");
        await Pages.TypeAsync(page, "Address", Alice);
        await page.Keyboard.PressAsync("Enter");

        await AssertLetInAsync(page);
        await AssertCookiesAsync(page);
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1000)]
    [InlineData(ColorScheme.Dark, 1000)]
    [InlineData(ColorScheme.Light, 320)]
    public async Task A_person_signs_in_by_the_code_that_comes_by_mail(ColorScheme scheme, int width)
    {
        var page = await OpenAsync(scheme, width, Address(Hostname, "/a/b?c=d"));
        var shot = $"pin-{scheme}-{width}".ToLowerInvariant();

        await Pages.AssertAsync(page, $"Sign in to {Hostname}");
        await Screenshots.TakeAsync(page, shot + "-1-address");
        var pin = await AskForPinAsync(page);
        await Pages.AssertAsync(page, "Enter the code");
        await Assertions.Expect(page.GetByLabel("Code of six digits")).ToHaveAttributeAsync("autocomplete", "one-time-code");
        await Screenshots.TakeAsync(page, shot + "-2-code");
        await Pages.TypeAsync(page, "Code of six digits", pin);
        await Screenshots.TakeAsync(page, shot + "-3-typed");
        await page.Keyboard.PressAsync("Enter");

        await AssertLetInAsync(page, "/a/b?c=d");
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1000)]
    [InlineData(ColorScheme.Dark, 320)]
    public async Task A_person_whom_no_policy_lets_in_is_told_so_and_can_be_somebody_else(ColorScheme scheme, int width)
    {
        await AddProviderAsync();
        var page = await OpenAsync(scheme, width, Address(Hostname));
        await SignInAtProviderAsync(page, "eve@elsewhere.test");

        await Pages.AssertAsync(page, "You may not go in");
        await Assertions.Expect(page.GetByText("eve@elsewhere.test")).ToBeVisibleAsync();
        await Screenshots.TakeAsync(page, $"denied-{scheme}-{width}".ToLowerInvariant());
        Assert.Equal(0, _origin.Connections);
        await page.GotoAsync(Address(Hostname));
        await Pages.AssertAsync(page, $"Sign in to {Hostname}");

        await SignInAtProviderAsync(page, Alice);
        await AssertLetInAsync(page);
        await page.GotoAsync(Address(Other));
        await Pages.AssertAsync(page, "You may not go in");
        await Pages.TabToAsync(page, page.GetByRole(AriaRole.Link, new() { Name = "Sign in as somebody else" }));
        await page.Keyboard.PressAsync("Enter");
        await Pages.AssertAsync(page, $"Sign in to {Other}");
    }

    [Fact]
    public async Task Signing_out_closes_everything()
    {
        var page = await OpenAsync(ColorScheme.Light, 1000, Address(Hostname));
        await Pages.TypeAsync(page, "Code of six digits", await AskForPinAsync(page));
        await page.Keyboard.PressAsync("Enter");
        await AssertLetInAsync(page);

        await page.GotoAsync(Address(Hostname, "/cdn-cgi/access/logout"));

        await Pages.AssertAsync(page, "You are signed out");
        await Screenshots.TakeAsync(page, "signed-out-light");
        await page.GotoAsync(Address(Hostname));
        await Pages.AssertAsync(page, $"Sign in to {Hostname}");
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task A_wrong_code_is_said_where_the_focus_is_and_five_of_them_are_enough(ColorScheme scheme)
    {
        var page = await OpenAsync(scheme, 1000, Address(Hostname));
        var pin = await AskForPinAsync(page);
        var wrong = pin == "000000" ? "000001" : "000000";
        await Pages.TypeAsync(page, "Code of six digits", wrong);
        for (var tries = 1; tries < 5; tries++)
        {
            await page.Keyboard.PressAsync("Enter");
            await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToBeFocusedAsync();
            await Pages.AssertAsync(page, "Enter the code");
            await Screenshots.TakeAsync(page, $"wrong-code-{scheme}".ToLowerInvariant());
            await page.Keyboard.PressAsync("Tab");
            await page.Keyboard.PressAsync("Enter");
            await Pages.TypeAsync(page, "Code of six digits", wrong);
        }

        await page.Keyboard.PressAsync("Enter");
        await Pages.AssertAsync(page, "Too many wrong codes");
        await Screenshots.TakeAsync(page, $"used-up-{scheme}".ToLowerInvariant());
        Assert.Equal(0, _origin.Connections);
        await Pages.TabToAsync(page, page.GetByRole(AriaRole.Link));
        await page.Keyboard.PressAsync("Enter");
        await Pages.AssertAsync(page, $"Sign in to {Hostname}");
    }

    [Fact]
    public async Task A_code_that_is_too_old_opens_nothing()
    {
        var page = await OpenAsync(ColorScheme.Light, 1000, Address(Hostname));
        var pin = await AskForPinAsync(page);
        _time.Offset = TimeSpan.FromMinutes(11);
        await Pages.TypeAsync(page, "Code of six digits", pin);
        await page.Keyboard.PressAsync("Enter");

        await Pages.AssertAsync(page, "Start again");
        await Screenshots.TakeAsync(page, "start-again-light");
        Assert.Equal(0, _origin.Connections);
    }

    [Fact]
    public async Task Whoever_asks_for_too_many_codes_has_to_wait()
    {
        var page = await OpenAsync(ColorScheme.Light, 320, Address(Hostname));
        for (var i = 0; i < 4; i++)
        {
            await AskForPinAsync(page);
            await Pages.TabToAsync(page, page.GetByRole(AriaRole.Link));
            await page.Keyboard.PressAsync("Enter");
        }

        await Pages.TypeAsync(page, "Your email address", Alice);
        await page.Keyboard.PressAsync("Enter");

        await Pages.AssertAsync(page, "Too many codes");
        await Screenshots.TakeAsync(page, "too-many-light-320");
    }

    [Fact]
    public async Task What_is_no_address_is_said_where_the_focus_is()
    {
        await AddProviderAsync();
        var page = await OpenAsync(ColorScheme.Light, 1000, Address(Hostname));
        await page.GetByLabel("Your email address").FocusAsync();
        await Pages.TypeAsync(page, "Your email address", "alice");
        await page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToBeFocusedAsync();
        await Pages.AssertAsync(page, $"Sign in to {Hostname}");
        await Screenshots.TakeAsync(page, "wrong-address-light");
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1000, true)]
    [InlineData(ColorScheme.Dark, 320, false)]
    public async Task A_person_decides_whether_a_program_is_let_in(ColorScheme scheme, int width, bool isAllowed)
    {
        using var keys = TransferKeyPair.Generate();
        var application = await _lab.Api.Applications.ListAsync(_lab.Edge.AccountId).FirstAsync(a => a.Domain == Hostname);
        var page = await OpenAsync(scheme, width, Address(
            Hostname, $"/cdn-cgi/access/cli?aud={application.Aud}&token={Uri.EscapeDataString(keys.PublicKey.ToString())}"));
        await Pages.TypeAsync(page, "Code of six digits", await AskForPinAsync(page));
        await page.Keyboard.PressAsync("Enter");

        await Pages.AssertAsync(page, "Let a program in?");
        await Assertions.Expect(page.GetByText(Alice)).ToBeVisibleAsync();
        await Screenshots.TakeAsync(page, $"grant-{scheme}-{width}".ToLowerInvariant());
        await Pages.TabToAsync(page, page.GetByRole(AriaRole.Button, new() { Name = isAllowed ? "Let it in" : "No" }));
        await page.Keyboard.PressAsync("Enter");

        await Pages.AssertAsync(page, isAllowed ? "The program is let in" : "The program was told no");
        await Screenshots.TakeAsync(page, $"granted-{scheme}-{width}".ToLowerInvariant());
    }

    private string Address(string hostname, string path = "/") => $"https://{hostname}:{_lab.PublicAddress.Port}{path}";

    /// <summary>A page whose violations of its own policy, and whose errors, fail the test.</summary>
    private async Task<IPage> OpenAsync(ColorScheme scheme, int width, string address)
    {
        var page = await chromium.OpenAsync(scheme, width);
        // The status of a page that says no is an error to the console; a blocked style, picture or form is one, too.
        page.Console += (_, message) => _complaints += message.Type == "error" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal)
            ? message.Text + "\n" : "";
        await page.GotoAsync(address);
        return page;
    }

    private string _complaints = "";

    private static async Task SignInAtProviderAsync(IPage page, string email)
    {
        await Pages.TabToAsync(page, page.GetByRole(AriaRole.Link, new() { Name = "Sign in with Example" }));
        await page.Keyboard.PressAsync("Enter");
        await Pages.TypeAsync(page, "Address", email);
        await page.Keyboard.PressAsync("Enter");
    }

    /// <summary>From the page that asks for the address to the one that asks for the code.</summary>
    private async Task<string> AskForPinAsync(IPage page)
    {
        var before = PersonBrowser.Mail(_lab).Length;
        await Pages.TypeAsync(page, "Your email address", Alice);
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page).ToHaveTitleAsync(new System.Text.RegularExpressions.Regex("Enter the code"));
        await Eventually.True(() => PersonBrowser.Mail(_lab).Length > before, "the PIN comes by mail");
        return PersonBrowser.PinOf(PersonBrowser.Mail(_lab)[^1]);
    }

    /// <summary>The connector says what it carries, and the cookie opens a stream to the service.</summary>
    private async Task AssertLetInAsync(IPage page, string path = "/")
    {
        await Assertions.Expect(page).ToHaveURLAsync(Address(Hostname, path));
        await Assertions.Expect(page.GetByText("one hostname serves one protocol")).ToBeVisibleAsync();
        var cookies = await page.Context.CookiesAsync([Address(Hostname)]);
        await using var stream = await AccessStream.ConnectAsync(new AccessClientOptions
        {
            Address = Hostname, ConnectTo = _lab.PublicAddress, CertificateAuthorities = _lab.Authorities,
            AppToken = cookies.Single(c => c.Name == "CF_Authorization").Value,
        });
        await stream.WriteAsync("hello"u8.ToArray());
        await stream.ReadExactlyAsync(new byte[5]);
        Assert.Equal("", _complaints);
    }

    /// <summary>No cookie is for scripts, for plain HTTP, or for another host.</summary>
    private static async Task AssertCookiesAsync(IPage page)
    {
        var cookies = (await page.Context.CookiesAsync()).Where(c => c.Domain is Hostname or Team).ToList();
        Assert.Contains(cookies, c => c is { Name: "CF_Authorization", Domain: Hostname });
        Assert.Contains(cookies, c => c is { Name: "CF_Authorization", Domain: Team });
        Assert.All(cookies, c => Assert.True(c is { Secure: true, Path: "/" } && c.SameSite != SameSiteAttribute.None, c.Name));
        Assert.All(cookies.Where(c => c is not { Name: "CF_Authorization", Domain: Hostname }), c => Assert.True(c.HttpOnly, c.Name));
    }

    private async Task AddProviderAsync()
    {
        using var api = _lab.ApiHttp();
        using var content = System.Net.Http.Json.JsonContent.Create(new
        {
            name = "Example",
            type = "oidc",
            config = new
            {
                client_id = OidcServer.ClientId,
                client_secret = OidcServer.ClientSecret,
                auth_url = _provider.Address + "/authorize",
                token_url = _provider.Address + "/token",
                certs_url = _provider.Address + "/jwks",
            },
        });
        using var response = await api.PostAsync(
            new Uri($"accounts/{_lab.Edge.AccountId}/access/identity_providers", UriKind.Relative), content);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    private sealed class ShiftedTime : TimeProvider
    {
        public TimeSpan Offset { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Offset;
    }
}
