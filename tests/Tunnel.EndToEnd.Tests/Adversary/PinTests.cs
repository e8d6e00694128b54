using System.Net;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests.Adversary;

/// <summary>
/// Guessing, reusing and borrowing PINs: five tries for each, few of them for one address, and none good in another
/// browser, for another person, or after it was used. The service sees nothing of any of it.
/// </summary>
public sealed class PinTests(AdversaryLab lab) : IClassFixture<AdversaryLab>
{
    private const string Host = AdversaryLab.Hostname;
    private const string Team = AdversaryLab.Team;
    private const string TicketCookie = "__Host-CF_Pin";

    private static readonly Uri s_team = new($"https://{Team}/");

    [Fact]
    public async Task A_new_code_does_not_give_the_old_one_more_tries()
    {
        using var person = new PersonBrowser(lab.Lab, Address(1));
        var (asked, pin) = await AskAsync(person, "p1@example.com");
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(403, (await person.PostAsync(asked, ("code", Wrong(pin)))).Status);
        }

        var old = person.Cookies.GetCookies(s_team)[TicketCookie]!.Value;
        await AskAsync(person, "p1@example.com");
        Borrow(person, old);

        Assert.Equal(403, (await person.PostAsync(asked, ("code", Wrong(pin)))).Status); // the fifth
        Assert.Equal(400, (await person.PostAsync(asked, ("code", pin))).Status);
    }

    /// <summary>Forty at a time are five.</summary>
    [Fact]
    public async Task Guesses_at_the_same_time_are_counted_like_guesses_one_after_the_other()
    {
        using var person = new PersonBrowser(lab.Lab, Address(2));
        var (asked, pin) = await AskAsync(person, "p2@example.com");

        var answers = await lab.AssertUnseen(() => Task.WhenAll(
            Enumerable.Range(0, 40).Select(i => person.PostAsync(asked, ("code", Wrong(pin, i))))));

        Assert.InRange(answers.Count(a => a.Status == 403), 0, 5);
        Assert.DoesNotContain(answers, a => a.Status == 200);
        Assert.Equal(400, (await person.PostAsync(asked, ("code", pin))).Status);
    }

    [Fact]
    public async Task Other_browsers_and_addresses_get_few_codes_for_one_person_together()
    {
        var mailed = 0;
        var refused = 0;
        for (var network = 10; network < 22; network++)
        {
            for (var i = 0; i < 4; i++)
            {
                using var browser = new PersonBrowser(lab.Lab, Address(network)); // a new session each time
                var answer = await browser.PostAsync(await browser.OpenLoginAsync(Host), ("email", "p3@example.com"));
                mailed += answer.Next is null ? 0 : 1;
                refused += answer.Status == 429 ? 1 : 0;
            }
        }

        Assert.Equal((20, 28), (mailed, refused)); // five tries each: a hundred of a million in ten minutes, at most 500 a day
    }

    [Fact]
    public async Task A_code_is_of_no_use_to_another_person_in_another_browser_or_a_second_time()
    {
        using var person = new PersonBrowser(lab.Lab, Address(4));
        using var thief = new PersonBrowser(lab.Lab, Address(5));
        var (asked, pin) = await AskAsync(person, "p4@example.com");
        var (stolen, own) = await AskAsync(thief, "mallory4@example.com");

        if (pin != own)
        {
            Assert.Equal(403, (await thief.PostAsync(stolen, ("code", pin))).Status);
        }

        // Not by naming the other person in the form either: the ticket says whose it is.
        var before = lab.Origin.Connections;
        await thief.FollowAsync(await thief.PostAsync(stolen, ("code", own), ("email", "p4@example.com")));
        Assert.Equal("mallory4@example.com", TokenSigner.ClaimsOf(thief.Token(Host))["email"]!.GetValue<string>());
        Assert.Equal(before, lab.Origin.Connections);

        var ticket = person.Cookies.GetCookies(s_team)[TicketCookie]!.Value;
        Assert.Equal(200, (await person.PostAsync(asked, ("code", pin))).Status);
        Borrow(person, ticket);
        Assert.Equal(400, (await person.PostAsync(asked, ("code", pin))).Status);
        Borrow(thief, ticket);
        Assert.Equal(400, (await thief.PostAsync(stolen, ("code", pin))).Status);
    }

    /// <summary>Who stands beside the person's browser cannot put a ticket of theirs there: the browser then signs the thief's person in.</summary>
    [Fact]
    public async Task A_borrowed_ticket_needs_the_form_of_the_same_browser()
    {
        using var attacker = new PersonBrowser(lab.Lab, Address(6));
        using var victim = new PersonBrowser(lab.Lab, Address(7));
        var (asked, pin) = await AskAsync(attacker, "mallory5@example.com");
        Borrow(victim, attacker.Cookies.GetCookies(s_team)[TicketCookie]!.Value);

        Assert.Equal(400, (await lab.AssertUnseen(() => victim.PostAsync(asked, ("code", pin)))).Status);
        Assert.Throws<InvalidOperationException>(() => victim.Token(Team));
    }

    [Theory]
    [InlineData("")]
    [InlineData("000000000000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("%")]
    [InlineData("'; --")]
    public async Task What_is_no_code_is_a_wrong_one(string code)
    {
        using var person = new PersonBrowser(lab.Lab, Address(30 + code.Length));
        var (asked, _) = await AskAsync(person, $"p6-{code.Length}@example.com");

        Assert.Equal(403, (await lab.AssertUnseen(() => person.PostAsync(asked, ("code", code)))).Status);
        Assert.Throws<InvalidOperationException>(() => person.Token(Team));
    }

    /// <summary>Nothing that two readers take for two addresses is mailed to: a PIN goes to whom the policy means, or to nobody.</summary>
    [Theory]
    [InlineData("p7@example.com\r\nBcc: mallory@evil.example")]
    [InlineData("p7@example.com,mallory@evil.example")]
    [InlineData("p7@example.com;mallory@evil.example")]
    [InlineData("p7@example.com mallory@evil.example")]
    [InlineData("mallory@evil.example\0@example.com")]
    [InlineData("mallory@evil.example@example.com")]
    [InlineData("mallory@evil.example>@example.com")]
    [InlineData("<mallory@evil.example>@example.com")]
    [InlineData("\"mallory@evil.example\"@example.com")]
    [InlineData("mallory@[192.0.2.1]@example.com")]
    [InlineData("mallory@exampl\u0435.com")]
    [InlineData("mallory@example.com.evil.example")]
    [InlineData("@example.com")]
    [InlineData("mallory%evil.example@example.org")]
    public async Task An_address_that_can_be_read_in_two_ways_is_mailed_nothing(string email)
    {
        using var person = new PersonBrowser(lab.Lab, Address(100 + email.Length));
        var before = PersonBrowser.Mail(lab.Lab).Length;

        await lab.AssertUnseen(async () => await person.PostAsync(await person.OpenLoginAsync(Host), ("email", email)));

        // Another one's PIN comes after it would have.
        await AskAsync(person, $"p8-{(uint)email.GetHashCode(StringComparison.Ordinal)}@example.com");
        Assert.Equal(before + 1, PersonBrowser.Mail(lab.Lab).Length);
    }

    private static IPAddress Address(int network) => IPAddress.Parse($"127.0.{network}.1");

    private static string Wrong(string pin, int by = 0) => ((int.Parse(pin, System.Globalization.CultureInfo.InvariantCulture) + 1 + by) % 1_000_000)
        .ToString("D6", System.Globalization.CultureInfo.InvariantCulture);

    private static void Borrow(PersonBrowser browser, string ticket) =>
        browser.Cookies.SetCookies(s_team, $"{TicketCookie}={ticket}; Secure; Path=/");

    private async Task<(BrowserPage Page, string Pin)> AskAsync(PersonBrowser browser, string email)
    {
        var before = MailTo(email).Length;
        var asked = await browser.FollowAsync(await browser.PostAsync(await browser.OpenLoginAsync(Host), ("email", email)));
        await Eventually.True(() => MailTo(email).Length > before, "the PIN");
        return (asked, PersonBrowser.PinOf(MailTo(email)[^1]));
    }

    private string[] MailTo(string email) => [.. PersonBrowser.Mail(lab.Lab).Where(m => m.Contains(email, StringComparison.Ordinal))];
}
