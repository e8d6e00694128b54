using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace Tunnel.Browser.Tests;

/// <summary>A policy wants to know what a person comes for.</summary>
public sealed class PurposeTests(Chromium chromium) : IClassFixture<Chromium>, IAsyncLifetime
{
    private const string Ticket = "ticket.example.test";

    private readonly SignInLab _people = new(chromium);

    public async ValueTask InitializeAsync()
    {
        await _people.StartAsync();
        await _people.AddProviderAsync();
        await _people.AddApplicationAsync(Ticket, new JsonObject
        {
            ["decision"] = "allow",
            ["include"] = new JsonArray(new JsonObject { ["email_domain"] = new JsonObject { ["domain"] = "example.com" } }),
            ["purpose_justification_required"] = true,
            ["purpose_justification_prompt"] = "Which ticket do you work on?",
        });
    }

    public ValueTask DisposeAsync() => _people.DisposeAsync();

    [Theory]
    [InlineData(ColorScheme.Light, 1000)]
    [InlineData(ColorScheme.Dark, 320)]
    public async Task A_person_is_asked_what_for_and_let_in_when_it_is_written_down(ColorScheme scheme, int width)
    {
        var page = await _people.OpenAsync(scheme, width, _people.Address(Ticket));
        await SignInLab.SignInAtProviderAsync(page, SignInLab.Alice);

        await Pages.AssertAsync(page, "What do you come for?");
        await Assertions.Expect(page.GetByText("Which ticket do you work on?")).ToBeVisibleAsync();
        await Screenshots.TakeAsync(page, $"purpose-{scheme}-{width}".ToLowerInvariant());
        await Assertions.Expect(page.GetByLabel("Your purpose")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToBeFocusedAsync();
        await Pages.AssertAsync(page, "What do you come for?");
        await Screenshots.TakeAsync(page, $"purpose-empty-{scheme}-{width}".ToLowerInvariant());
        await Pages.TabToAsync(page, page.GetByLabel("Your purpose"));
        await page.Keyboard.TypeAsync("Ticket 4711");
        await page.Keyboard.PressAsync("Enter");

        // Nothing stands behind it: the edge itself says so, which it says to nobody whom the policies keep out.
        await Assertions.Expect(page).ToHaveURLAsync(_people.Address(Ticket));
        await Assertions.Expect(page.GetByText("is not connected")).ToBeVisibleAsync();
    }
}
