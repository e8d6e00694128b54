using Microsoft.Playwright;

namespace Tunnel.Browser.Tests;

/// <summary>Codes that come by mail, typed wrong, too late or too often.</summary>
public sealed class PinTests(Chromium chromium) : IClassFixture<Chromium>, IAsyncLifetime
{
    private const string Hostname = SignInLab.Hostname;
    private const string Alice = SignInLab.Alice;

    private readonly SignInLab _people = new(chromium);

    public ValueTask InitializeAsync() => _people.StartAsync();

    public ValueTask DisposeAsync() => _people.DisposeAsync();

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task A_wrong_code_is_said_where_the_focus_is_and_five_of_them_are_enough(ColorScheme scheme)
    {
        var page = await _people.OpenAsync(scheme, 1000, _people.Address(Hostname));
        var pin = await _people.AskForPinAsync(page);
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
        Assert.Equal(0, _people.Origin.Connections);
        await Pages.TabToAsync(page, page.GetByRole(AriaRole.Link));
        await page.Keyboard.PressAsync("Enter");
        await Pages.AssertAsync(page, $"Sign in to {Hostname}");
    }

    [Fact]
    public async Task A_code_that_is_too_old_opens_nothing()
    {
        var page = await _people.OpenAsync(ColorScheme.Light, 1000, _people.Address(Hostname));
        var pin = await _people.AskForPinAsync(page);
        _people.Time.Offset = TimeSpan.FromMinutes(11);
        await Pages.TypeAsync(page, "Code of six digits", pin);
        await page.Keyboard.PressAsync("Enter");

        await Pages.AssertAsync(page, "Start again");
        await Screenshots.TakeAsync(page, "start-again-light");
        Assert.Equal(0, _people.Origin.Connections);
    }

    [Fact]
    public async Task Whoever_asks_for_too_many_codes_has_to_wait()
    {
        var page = await _people.OpenAsync(ColorScheme.Light, 320, _people.Address(Hostname));
        for (var i = 0; i < 4; i++)
        {
            await _people.AskForPinAsync(page);
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
        await _people.AddProviderAsync();
        var page = await _people.OpenAsync(ColorScheme.Light, 1000, _people.Address(Hostname));
        await page.GetByLabel("Your email address").FocusAsync();
        await Pages.TypeAsync(page, "Your email address", "alice");
        await page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToBeFocusedAsync();
        await Pages.AssertAsync(page, $"Sign in to {Hostname}");
        await Screenshots.TakeAsync(page, "wrong-address-light");
    }
}
