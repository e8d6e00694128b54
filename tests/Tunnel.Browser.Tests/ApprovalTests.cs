using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Tunnel.Core.Client;
using Tunnel.Testing;

namespace Tunnel.Browser.Tests;

/// <summary>A policy wants somebody's approval: the person asks and waits, the approver follows a link and decides.</summary>
public sealed partial class ApprovalTests(Chromium chromium) : IClassFixture<Chromium>, IAsyncLifetime
{
    private const string Contractors = "contractors.example.test";
    private const string Boss = "boss@example.org";

    /// <summary>Like <see cref="Contractors"/>, with a service behind it.</summary>
    private const string Workshop = "workshop.example.test";

    private readonly SignInLab _people = new(chromium);
    private string _policy = "";

    public async ValueTask InitializeAsync()
    {
        await _people.StartAsync();
        await _people.AddProviderAsync();
        await _people.AddApplicationAsync(Contractors, Policy(Boss));
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

    [Theory]
    [InlineData(ColorScheme.Light, 1000)]
    [InlineData(ColorScheme.Dark, 320)]
    public async Task What_was_approved_ends_with_its_time_and_takes_the_open_stream_along(ColorScheme scheme, int width)
    {
        var shot = $"approval-end-{scheme}-{width}".ToLowerInvariant();
        await PublishAsync(Boss);
        var person = await AskAsync(scheme, width);
        await HoldAsync(person);
        var approver = await _people.OpenAsync(scheme, width, await LinkAsync(1));
        await SignInLab.SignInAtProviderAsync(approver, Boss);
        Assert.Equal(0, _people.Origin.Connections);
        await approver.GetByLabel("15 minutes").CheckAsync();
        await approver.GetByRole(AriaRole.Button, new() { Name = "Approve" }).ClickAsync();
        await Pages.AssertAsync(approver, "Approved");

        await person.GetByRole(AriaRole.Link, new() { Name = "Look now" }).ClickAsync();
        await Assertions.Expect(person).ToHaveURLAsync(_people.Address(Workshop));
        await using var stream = await OpenStreamAsync(person);
        await Eventually.True(() => _people.Origin.Connections == 1, "the stream has reached the service");
        _people.Time.Offset = TimeSpan.FromMinutes(16);

        await AssertEndsAsync(stream);
        await person.GotoAsync(_people.Address(Workshop));
        await Pages.AssertAsync(person, "Ask to be let in");
        await Assertions.Expect(person.GetByText("is over. You can ask again")).ToBeVisibleAsync();
        await Screenshots.TakeAsync(person, shot + "-1-over");
        await approver.ReloadAsync();
        await Pages.AssertAsync(approver, "The request is closed");
        await Screenshots.TakeAsync(approver, shot + "-2-closed");
        Assert.Equal(1, _people.Origin.Connections);
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1000)]
    [InlineData(ColorScheme.Dark, 320)]
    public async Task Nobody_decides_who_asked_themself_or_by_a_link_of_before_and_a_no_is_told(ColorScheme scheme, int width)
    {
        var shot = $"approval-no-{scheme}-{width}".ToLowerInvariant();
        await PublishAsync(Boss, SignInLab.Alice);
        var person = await AskAsync(scheme, width);
        var first = await LinkAsync(1);
        var own = await person.Context.NewPageAsync();
        await own.GotoAsync(first);
        await Pages.AssertAsync(own, "You may not decide this");
        await Assertions.Expect(own.GetByRole(AriaRole.Button)).ToHaveCountAsync(0);
        await Screenshots.TakeAsync(own, shot + "-1-own");

        await _people.SendAsync(HttpMethod.Put, _policy, Policy(Boss));
        await person.ReloadAsync();
        await Assertions.Expect(person.GetByText("has changed since you asked")).ToBeVisibleAsync();
        await Screenshots.TakeAsync(person, shot + "-2-changed");
        await person.GetByRole(AriaRole.Button, new() { Name = "Ask for approval" }).ClickAsync();
        await Pages.AssertAsync(person, "Waiting for an approval");
        await HoldAsync(person);
        var second = await LinkAsync(2);

        var approver = await _people.OpenAsync(scheme, width, first);
        await SignInLab.SignInAtProviderAsync(approver, Boss);
        await Pages.AssertAsync(approver, "The request is closed");
        await Assertions.Expect(approver.GetByText("They have asked again since")).ToBeVisibleAsync();
        await Screenshots.TakeAsync(approver, shot + "-3-earlier");
        await approver.GotoAsync(second);
        await Pages.AssertAsync(approver, "Let somebody in?");
        await approver.GetByRole(AriaRole.Button, new() { Name = "Refuse" }).ClickAsync();
        await Pages.AssertAsync(approver, "The request is closed");

        await person.GetByRole(AriaRole.Link, new() { Name = "Look now" }).ClickAsync();
        await Assertions.Expect(person.GetByText("Your request was refused")).ToBeVisibleAsync();
        await Pages.AssertAsync(person, "Ask to be let in");
        await Screenshots.TakeAsync(person, shot + "-4-refused");
        Assert.Equal(0, _people.Origin.Connections);
    }

    private static JsonObject Policy(params string[] approvers) => new()
    {
        ["name"] = "people",
        ["decision"] = "allow",
        ["include"] = new JsonArray(new JsonObject { ["email_domain"] = new JsonObject { ["domain"] = "example.com" } }),
        ["approval_required"] = true,
        ["approval_groups"] = new JsonArray(new JsonObject
        {
            ["approvals_needed"] = 1, ["email_addresses"] = new JsonArray([.. approvers.Select(a => (JsonNode)a)]),
        }),
    };

    private async Task PublishAsync(params string[] approvers)
    {
        await _people.Lab.PublishAsync(Workshop, _people.Origin.Url, connections: 1);
        var application = await _people.SendAsync(HttpMethod.Post, "access/apps", new JsonObject
        {
            ["type"] = "self_hosted", ["domain"] = Workshop, ["policies"] = new JsonArray(Policy(approvers)),
        });
        _policy = $"access/apps/{application["id"]}/policies/{application["policies"]![0]!["id"]}";
    }

    /// <summary>Alice, signed in and waiting.</summary>
    private async Task<IPage> AskAsync(ColorScheme scheme, int width)
    {
        var person = await _people.OpenAsync(scheme, width, _people.Address(Workshop));
        await SignInLab.SignInAtProviderAsync(person, SignInLab.Alice);
        await Pages.AssertAsync(person, "Ask to be let in");
        await person.GetByRole(AriaRole.Button, new() { Name = "Ask for approval" }).ClickAsync();
        await Pages.AssertAsync(person, "Waiting for an approval");
        return person;
    }

    /// <summary>Else the page goes on by itself, and what is to be clicked on is gone when the others took their time.</summary>
    private static async Task HoldAsync(IPage person)
    {
        await person.GetByRole(AriaRole.Link, new() { Name = "Do not look by itself" }).ClickAsync();
        await Assertions.Expect(person.GetByRole(AriaRole.Link, new() { Name = "Look now, and again" })).ToBeVisibleAsync();
    }

    /// <summary>The link of the message that came last.</summary>
    private async Task<string> LinkAsync(int messages)
    {
        await Eventually.True(() => PersonBrowser.Mail(_people.Lab).Length == messages, "the approvers are written to");
        return Link().Match(PersonBrowser.Mail(_people.Lab)[^1]).Value;
    }

    private async Task<AccessStream> OpenStreamAsync(IPage person)
    {
        var cookies = await person.Context.CookiesAsync([_people.Address(Workshop)]);
        return await AccessStream.ConnectAsync(new AccessClientOptions
        {
            Address = Workshop, ConnectTo = _people.Lab.PublicAddress, CertificateAuthorities = _people.Lab.Authorities,
            AppToken = cookies.Single(c => c.Name == "CF_Authorization").Value,
        });
    }

    private static async Task AssertEndsAsync(AccessStream stream)
    {
        using var limit = new CancellationTokenSource(Eventually.Limit);
        try
        {
            Assert.Equal(0, await stream.ReadAsync(new byte[1], limit.Token));
        }
        catch (IOException)
        {
            // cut off, which is an end as well
        }
    }

    [GeneratedRegex("""https://\S+/cdn-cgi/access/approve/[0-9a-f]{32}""")]
    private static partial Regex Link();
}
