using System.Net;
using Microsoft.Playwright;
using Tunnel.Protocol.Credentials;
using Tunnel.Protocol.Transfers;
using Tunnel.Testing;

namespace Tunnel.Browser.Tests;

/// <summary>A login's pages in a real browser, with the keyboard alone and without scripts.</summary>
public sealed class LoginTests(Chromium chromium) : IClassFixture<Chromium>, IAsyncLifetime
{
    private readonly TransferKeyPair _keys = TransferKeyPair.Generate();
    private EdgeLab _lab = null!;

    public async ValueTask InitializeAsync() => _lab = await EdgeLab.StartAsync();

    public async ValueTask DisposeAsync()
    {
        _keys.Dispose();
        await _lab.DisposeAsync();
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1000)]
    [InlineData(ColorScheme.Dark, 1000)]
    [InlineData(ColorScheme.Light, 360)]
    public async Task An_administrator_authorizes_a_program_with_the_keyboard_alone(ColorScheme scheme, int width)
    {
        await _lab.Api.Zones.CreateAsync(_lab.Edge.AccountId, "another.test");
        var page = await chromium.OpenAsync(scheme, width);
        var shot = $"login-{scheme}-{width}".ToLowerInvariant();
        using var waiting = Program();
        var certificate = waiting.GetStringAsync(Callback);

        do
        {
            // The page tells who waits at the moment when it is asked for.
            await page.GotoAsync(Link);
        }
        while (!certificate.IsCompleted && await page.GetByText("Nothing at the moment").IsVisibleAsync());

        await Pages.AssertAsync(page, "Sign in to authorize a program");
        await Assertions.Expect(page.GetByText(_keys.PublicKey.Fingerprint)).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("127.0.0.1 (the edge's own machine)")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByLabel("API token")).ToBeFocusedAsync();
        await Screenshots.TakeAsync(page, shot + "-1-sign-in");
        await Pages.TypeAsync(page, "API token", _lab.Edge.ApiToken);
        await page.Keyboard.PressAsync("Enter");

        await Pages.AssertAsync(page, "Choose a zone");
        await Assertions.Expect(page.GetByLabel("another.test")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await Assertions.Expect(page.GetByLabel(EdgeLab.Zone)).ToBeCheckedAsync();
        await Screenshots.TakeAsync(page, shot + "-2-zones");
        await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Authorize" })).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");

        await Pages.AssertAsync(page, "Authorized");
        var read = OriginCertificate.Parse(await certificate);
        Assert.Equal(_lab.Edge.AccountId, read.AccountId);
        await page.ReloadAsync();
        await Assertions.Expect(page.GetByText(EdgeLab.Zone)).ToBeVisibleAsync();
        await Screenshots.TakeAsync(page, shot + "-3-done");
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task A_wrong_token_is_said_where_the_focus_is_and_leads_back_to_the_field(ColorScheme scheme)
    {
        var page = await chromium.OpenAsync(scheme);
        await page.GotoAsync(Link);
        await Pages.TypeAsync(page, "API token", "wrong-token-0123456789");
        await page.Keyboard.PressAsync("Enter");

        await Pages.AssertAsync(page, "Sign in to authorize a program");
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToBeFocusedAsync();
        await Screenshots.TakeAsync(page, $"login-{scheme}-wrong".ToLowerInvariant());
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await Pages.TypeAsync(page, "API token", _lab.Edge.ApiToken);
        await page.Keyboard.PressAsync("Enter");

        await Pages.AssertAsync(page, "Choose a zone");
    }

    [Fact]
    public async Task A_person_who_says_no_gives_the_program_nothing()
    {
        var page = await chromium.OpenAsync();
        using var waiting = Program();
        var answer = waiting.GetAsync(Callback);
        await page.GotoAsync(Link);
        await Pages.TypeAsync(page, "API token", _lab.Edge.ApiToken);
        await page.Keyboard.PressAsync("Enter");
        await Pages.AssertAsync(page, "Choose a zone");
        await Pages.TabToAsync(page, page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }));
        await page.Keyboard.PressAsync("Enter");

        await Pages.AssertAsync(page, "Cancelled");
        await Screenshots.TakeAsync(page, "login-light-cancelled");
        using var response = await answer;
        Assert.Equal(HttpStatusCode.Gone, response.StatusCode);
    }

    [Fact]
    public async Task A_certificate_that_the_program_cannot_fetch_is_saved_by_the_browser()
    {
        var page = await chromium.OpenAsync();
        await page.GotoAsync(Link);
        await Pages.TypeAsync(page, "API token", _lab.Edge.ApiToken);
        await page.Keyboard.PressAsync("Enter");
        await Pages.AssertAsync(page, "Choose a zone");
        await Assertions.Expect(page.GetByRole(AriaRole.Radio).First).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Pages.AssertAsync(page, "Authorized");
        await Screenshots.TakeAsync(page, "login-light-download");

        var download = await page.RunAndWaitForDownloadAsync(async () =>
        {
            await Pages.TabToAsync(page, page.GetByRole(AriaRole.Button, new() { Name = "Download cert.pem" }));
            await page.Keyboard.PressAsync("Enter");
        });

        Assert.Equal("cert.pem", download.SuggestedFilename);
        var certificate = OriginCertificate.Parse(await File.ReadAllTextAsync((await download.PathAsync())!));
        Assert.Equal(_lab.Edge.AccountId, certificate.AccountId);
    }

    [Fact]
    public async Task Another_sites_form_is_refused_in_the_browser_of_somebody_who_is_signed_in()
    {
        var page = await chromium.OpenAsync();
        await page.GotoAsync(Link);
        await Pages.TypeAsync(page, "API token", _lab.Edge.ApiToken);
        await page.Keyboard.PressAsync("Enter");
        await Pages.AssertAsync(page, "Choose a zone");
        var zone = await page.GetByRole(AriaRole.Radio).First.GetAttributeAsync("value");

        await page.GotoAsync("data:text/html," + Uri.EscapeDataString(
            $"""<form method=post action="{_lab.Edge.LoginAddress}/zone"><input name=zone value={zone}><button autofocus>x</button></form>"""));
        await Assertions.Expect(page.GetByRole(AriaRole.Button)).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");

        await Pages.AssertAsync(page, "This login has ended");
        await Screenshots.TakeAsync(page, "login-light-ended");
    }

    [Fact]
    public async Task A_link_to_another_store_says_that_it_cannot_be_used()
    {
        var page = await chromium.OpenAsync();
        await page.GotoAsync($"{_lab.Edge.LoginAddress}?aud=&callback=https%3A%2F%2Fevil.example%2F{_keys.PublicKey}");

        await Pages.AssertAsync(page, "This link cannot be used");
        await Screenshots.TakeAsync(page, "login-light-link");
    }

    private string Callback => _lab.Edge.CallbackAddress + _keys.PublicKey.ToString();

    private string Link => $"{_lab.Edge.LoginAddress}?aud=&callback={Uri.EscapeDataString(Callback)}";

    private HttpClient Program() => new(new SocketsHttpHandler { SslOptions = _lab.Trusting(null) });
}
