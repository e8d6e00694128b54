using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Tunnel.Testing;

namespace Tunnel.Browser.Tests;

/// <summary>A policy wants somebody's approval: the person asks and waits, the approver follows a link and decides.</summary>
public sealed partial class ApprovalTests(Chromium chromium) : IClassFixture<Chromium>, IAsyncLifetime
{
    private const string Contractors = "contractors.example.test";
    private const string Boss = "boss@example.org";

    private readonly SignInLab _people = new(chromium);

    public async ValueTask InitializeAsync()
    {
        await _people.StartAsync();
        await _people.AddProviderAsync();
        await _people.AddApplicationAsync(Contractors, new JsonObject
        {
            ["decision"] = "allow",
            ["include"] = new JsonArray(new JsonObject { ["email_domain"] = new JsonObject { ["domain"] = "example.com" } }),
            ["approval_required"] = true,
            ["approval_groups"] = new JsonArray(new JsonObject { ["approvals_needed"] = 1, ["email_addresses"] = new JsonArray(Boss) }),
        });
    }

    public ValueTask DisposeAsync() => _people.DisposeAsync();

    [Theory]
    [InlineData(ColorScheme.Light, 1000)]
    [InlineData(ColorScheme.Dark, 320)]
    public async Task A_person_asks_and_goes_on_by_themself_when_the_approver_has_said_yes(ColorScheme scheme, int width)
    {
        var shot = $"approval-{scheme}-{width}".ToLowerInvariant();
        var person = await _people.OpenAsync(scheme, width, _people.Address(Contractors));
        await SignInLab.SignInAtProviderAsync(person, SignInLab.Alice);
        await Pages.AssertAsync(person, "Ask to be let in");
        await Screenshots.TakeAsync(person, shot + "-1-ask");
        await Pages.TabToAsync(person, person.GetByRole(AriaRole.Button, new() { Name = "Ask for approval" }));
        await person.Keyboard.PressAsync("Enter");
        await Pages.AssertAsync(person, "Waiting for an approval");
        await Screenshots.TakeAsync(person, shot + "-2-wait");

        await Eventually.True(() => PersonBrowser.Mail(_people.Lab).Length == 1, "the approver is written to");
        var approver = await _people.OpenAsync(scheme, width, Link().Match(PersonBrowser.Mail(_people.Lab)[0]).Value);
        await Pages.AssertAsync(approver, $"Sign in to {Contractors} (approvals)");
        await SignInLab.SignInAtProviderAsync(approver, Boss);
        await Pages.AssertAsync(approver, "Let somebody in?");
        await Assertions.Expect(approver.GetByText(SignInLab.Alice)).ToBeVisibleAsync();
        await Screenshots.TakeAsync(approver, shot + "-3-decide");
        await Pages.TabToAsync(approver, approver.GetByLabel("One hour"));
        await Pages.TabToAsync(approver, approver.GetByRole(AriaRole.Button, new() { Name = "Approve" }));
        await approver.Keyboard.PressAsync("Enter");
        await Pages.AssertAsync(approver, "Approved");
        await Screenshots.TakeAsync(approver, shot + "-4-approved");

        // Nothing stands behind it: the edge itself says so, which it says to nobody whom the policies keep out.
        await Assertions.Expect(person).ToHaveURLAsync(_people.Address(Contractors));
        await Assertions.Expect(person.GetByText("is not connected")).ToBeVisibleAsync();
    }

    [GeneratedRegex("""https://\S+/cdn-cgi/access/approve/[0-9a-f]{32}""")]
    private static partial Regex Link();
}
