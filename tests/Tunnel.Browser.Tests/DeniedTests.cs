using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace Tunnel.Browser.Tests;

/// <summary>What a person is shown whom no policy lets in.</summary>
public sealed class DeniedTests(Chromium chromium) : IClassFixture<Chromium>, IAsyncLifetime
{
    private const string Hostname = SignInLab.Hostname;
    private const string Alice = SignInLab.Alice;

    private readonly SignInLab _people = new(chromium);

    public ValueTask InitializeAsync() => _people.StartAsync();

    public ValueTask DisposeAsync() => _people.DisposeAsync();

    [Theory]
    [InlineData(ColorScheme.Light, 1000)]
    [InlineData(ColorScheme.Dark, 320)]
    public async Task A_person_whom_no_policy_lets_in_is_told_so_and_can_be_somebody_else(ColorScheme scheme, int width)
    {
        await _people.AddProviderAsync();
        var page = await _people.OpenAsync(scheme, width, _people.Address(Hostname));
        await SignInLab.SignInAtProviderAsync(page, "eve@elsewhere.test");

        await Pages.AssertAsync(page, "You may not go in");
        await Assertions.Expect(page.GetByText("eve@elsewhere.test")).ToBeVisibleAsync();
        await Screenshots.TakeAsync(page, $"denied-{scheme}-{width}".ToLowerInvariant());
        Assert.Equal(0, _people.Origin.Connections);
        await page.GotoAsync(_people.Address(Hostname));
        await Pages.AssertAsync(page, $"Sign in to {Hostname}");

        await SignInLab.SignInAtProviderAsync(page, Alice);
        await _people.AssertLetInAsync(page);
        await page.GotoAsync(_people.Address(SignInLab.Other));
        await Pages.AssertAsync(page, "You may not go in");
        await Pages.TabToAsync(page, page.GetByRole(AriaRole.Link, new() { Name = "Sign in as somebody else" }));
        await page.Keyboard.PressAsync("Enter");
        await Pages.AssertAsync(page, $"Sign in to {SignInLab.Other}");
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1000)]
    [InlineData(ColorScheme.Dark, 320)]
    public async Task The_administrators_reason_is_what_the_person_reads(ColorScheme scheme, int width)
    {
        const string closed = "closed.example.test";
        await _people.AddApplicationAsync(
            closed,
            new JsonObject { ["decision"] = "deny", ["include"] = new JsonArray(new JsonObject { ["everyone"] = new JsonObject() }) },
            new JsonObject { ["custom_deny_message"] = "This <server> rests until Monday. Write to desk@example.com." });
        var page = await _people.OpenAsync(scheme, width, _people.Address(closed));

        await Pages.AssertAsync(page, "You may not go in");
        await Assertions.Expect(page.GetByText("This <server> rests until Monday. Write to desk@example.com.")).ToBeVisibleAsync();
        await Screenshots.TakeAsync(page, $"denied-reason-{scheme}-{width}".ToLowerInvariant());
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1000)]
    [InlineData(ColorScheme.Dark, 320)]
    public async Task A_page_in_the_organisations_colours_can_still_be_read(ColorScheme scheme, int width)
    {
        var organization = await _people.SendAsync(HttpMethod.Get, "access/organizations", document: null);
        organization["login_design"] = new JsonObject
        {
            ["header_text"] = "Tools of the workshop", ["footer_text"] = "Call the desk: 4711",
            ["background_color"] = "#102a43", ["text_color"] = "#ffffff",
        };
        await _people.SendAsync(HttpMethod.Put, "access/organizations", organization);
        await _people.AddProviderAsync();
        var page = await _people.OpenAsync(scheme, width, _people.Address(Hostname));

        await Pages.AssertAsync(page, $"Sign in to {Hostname}");
        await Assertions.Expect(page.GetByText("Tools of the workshop")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("Call the desk: 4711")).ToBeVisibleAsync();
        await Screenshots.TakeAsync(page, $"design-{scheme}-{width}".ToLowerInvariant());
    }
}
