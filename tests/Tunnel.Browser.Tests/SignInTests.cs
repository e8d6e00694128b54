using Microsoft.Playwright;
using Tunnel.Protocol.Transfers;

namespace Tunnel.Browser.Tests;

/// <summary>
/// People come to a protected hostname in a real browser, with the keyboard alone and without scripts, and sign in by a real
/// OpenID Connect provider or by a PIN.
/// </summary>
public sealed class SignInTests(Chromium chromium) : IClassFixture<Chromium>, IAsyncLifetime
{
    private const string Hostname = SignInLab.Hostname;
    private const string Alice = SignInLab.Alice;

    private readonly SignInLab _people = new(chromium);

    public ValueTask InitializeAsync() => _people.StartAsync();

    public ValueTask DisposeAsync() => _people.DisposeAsync();

    [Theory]
    [InlineData(ColorScheme.Light, 1000)]
    [InlineData(ColorScheme.Dark, 1000)]
    [InlineData(ColorScheme.Light, 320)]
    [InlineData(ColorScheme.Dark, 320)]
    public async Task A_person_chooses_the_provider_signs_in_and_is_let_in(ColorScheme scheme, int width)
    {
        await _people.AddProviderAsync();
        var page = await _people.OpenAsync(scheme, width, _people.Address(Hostname));
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

        await _people.AssertLetInAsync(page);
        await AssertCookiesAsync(page);
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1000)]
    [InlineData(ColorScheme.Dark, 1000)]
    [InlineData(ColorScheme.Light, 320)]
    public async Task A_person_signs_in_by_the_code_that_comes_by_mail(ColorScheme scheme, int width)
    {
        var page = await _people.OpenAsync(scheme, width, _people.Address(Hostname, "/a/b?c=d"));
        var shot = $"pin-{scheme}-{width}".ToLowerInvariant();

        await Pages.AssertAsync(page, $"Sign in to {Hostname}");
        await Screenshots.TakeAsync(page, shot + "-1-address");
        var pin = await _people.AskForPinAsync(page);
        await Pages.AssertAsync(page, "Enter the code");
        await Assertions.Expect(page.GetByLabel("Code of six digits")).ToHaveAttributeAsync("autocomplete", "one-time-code");
        await Screenshots.TakeAsync(page, shot + "-2-code");
        await Pages.TypeAsync(page, "Code of six digits", pin);
        await Screenshots.TakeAsync(page, shot + "-3-typed");
        await page.Keyboard.PressAsync("Enter");

        await _people.AssertLetInAsync(page, "/a/b?c=d");
    }

    [Fact]
    public async Task Signing_out_closes_everything()
    {
        var page = await _people.OpenAsync(ColorScheme.Light, 1000, _people.Address(Hostname));
        await Pages.TypeAsync(page, "Code of six digits", await _people.AskForPinAsync(page));
        await page.Keyboard.PressAsync("Enter");
        await _people.AssertLetInAsync(page);

        await page.GotoAsync(_people.Address(Hostname, "/cdn-cgi/access/logout"));

        await Pages.AssertAsync(page, "You are signed out");
        await Screenshots.TakeAsync(page, "signed-out-light");
        await page.GotoAsync(_people.Address(Hostname));
        await Pages.AssertAsync(page, $"Sign in to {Hostname}");
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1000, true)]
    [InlineData(ColorScheme.Dark, 320, false)]
    public async Task A_person_decides_whether_a_program_is_let_in(ColorScheme scheme, int width, bool isAllowed)
    {
        using var keys = TransferKeyPair.Generate();
        var application = await _people.Lab.Api.Applications.ListAsync(_people.Lab.Edge.AccountId).FirstAsync(a => a.Domain == Hostname);
        var page = await _people.OpenAsync(scheme, width, _people.Address(
            Hostname, $"/cdn-cgi/access/cli?aud={application.Aud}&token={Uri.EscapeDataString(keys.PublicKey.ToString())}"));
        await Pages.TypeAsync(page, "Code of six digits", await _people.AskForPinAsync(page));
        await page.Keyboard.PressAsync("Enter");

        await Pages.AssertAsync(page, "Let a program in?");
        await Assertions.Expect(page.GetByText(Alice)).ToBeVisibleAsync();
        await Screenshots.TakeAsync(page, $"grant-{scheme}-{width}".ToLowerInvariant());
        await Pages.TabToAsync(page, page.GetByRole(AriaRole.Button, new() { Name = isAllowed ? "Let it in" : "No" }));
        await page.Keyboard.PressAsync("Enter");

        await Pages.AssertAsync(page, isAllowed ? "The program is let in" : "The program was told no");
        await Screenshots.TakeAsync(page, $"granted-{scheme}-{width}".ToLowerInvariant());
    }

    /// <summary>No cookie is for scripts, for plain HTTP, or for another host.</summary>
    private static async Task AssertCookiesAsync(IPage page)
    {
        var cookies = (await page.Context.CookiesAsync()).Where(c => c.Domain is Hostname or SignInLab.Team).ToList();
        Assert.Contains(cookies, c => c is { Name: "CF_Authorization", Domain: Hostname });
        Assert.Contains(cookies, c => c is { Name: "CF_Authorization", Domain: SignInLab.Team });
        Assert.All(cookies, c => Assert.True(c is { Secure: true, Path: "/" } && c.SameSite != SameSiteAttribute.None, c.Name));
        Assert.All(cookies.Where(c => c is not { Name: "CF_Authorization", Domain: Hostname }), c => Assert.True(c.HttpOnly, c.Name));
    }
}
