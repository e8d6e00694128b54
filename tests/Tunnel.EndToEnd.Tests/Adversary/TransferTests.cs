using System.Net;
using Tunnel.Protocol.Transfers;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests.Adversary;

/// <summary>A person's consent is for one program's key: no other key gets, or can read, what was given to it.</summary>
public sealed class TransferTests(AdversaryLab lab) : IClassFixture<AdversaryLab>
{
    private const string Host = AdversaryLab.Hostname;
    private const string Team = AdversaryLab.Team;

    /// <summary>The edge holds a request for what is not there for longer than this.</summary>
    private static readonly TimeSpan s_held = TimeSpan.FromMilliseconds(300);

    [Fact]
    public async Task What_was_consented_to_is_read_by_the_programs_key_once_and_by_no_other()
    {
        using var program = TransferKeyPair.Generate();
        using var thief = TransferKeyPair.Generate();
        using var person = new PersonBrowser(lab.Lab);
        await person.SignInAsync(Host, "t1@example.com");
        using var waiting = lab.Lab.Browser();
        var stolen = FetchAsync(waiting, thief.PublicKey); // asks all the while, with a key of its own
        var window = await person.GetAsync(Address(program.PublicKey));

        Assert.Contains("The program is let in", (await person.PostAsync(window, ("decision", "allow"))).Text, StringComparison.Ordinal);

        await Assert.ThrowsAsync<TimeoutException>(() => stolen.WaitAsync(s_held));
        using var browser = lab.Lab.Browser();
        using var answer = await FetchAsync(browser, program.PublicKey);
        Assert.True(TransferKey.TryParse(answer.Headers.GetValues(SealedTransfer.SenderHeader).Single(), out var sender));
        var sealedContent = new SealedTransfer(await answer.Content.ReadAsStringAsync(), sender!);
        Assert.Throws<TransferFormatException>(() => thief.Open(sealedContent));
        Assert.Contains("app_token", System.Text.Encoding.UTF8.GetString(program.Open(sealedContent)), StringComparison.Ordinal);
        await Assert.ThrowsAsync<TimeoutException>(() => FetchAsync(browser, program.PublicKey).WaitAsync(s_held)); // not a second time
        await Assert.ThrowsAsync<TimeoutException>(() => stolen.WaitAsync(s_held));
    }

    /// <summary>The window was opened for one key: what is posted cannot name another.</summary>
    [Fact]
    public async Task The_key_is_not_swapped_between_the_window_and_the_answer()
    {
        using var shown = TransferKeyPair.Generate();
        using var swapped = TransferKeyPair.Generate();
        using var person = new PersonBrowser(lab.Lab);
        await person.SignInAsync(Host, "t2@example.com");
        var window = await person.GetAsync(Address(shown.PublicKey));

        await person.PostAsync(window, ("decision", "allow"), ("token", swapped.PublicKey.ToString()), ("aud", new string('0', 64)));

        using var browser = lab.Lab.Browser();
        await Assert.ThrowsAsync<TimeoutException>(() => FetchAsync(browser, swapped.PublicKey).WaitAsync(s_held));
        using var answer = await FetchAsync(browser, shown.PublicKey);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Who_only_looks_or_says_no_gives_nothing_away()
    {
        using var key = TransferKeyPair.Generate();
        using var person = new PersonBrowser(lab.Lab);
        await person.SignInAsync(Host, "t3@example.com");
        using var browser = lab.Lab.Browser();

        var window = await person.GetAsync(Address(key.PublicKey));
        await Assert.ThrowsAsync<TimeoutException>(() => FetchAsync(browser, key.PublicKey).WaitAsync(s_held));
        await person.PostAsync(window, ("decision", "deny"));

        using var answer = await FetchAsync(browser, key.PublicKey);
        Assert.Equal((HttpStatusCode.Gone, ""), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
    }

    /// <summary>What can be encrypted to some keys anybody reads: points of small order (RFC 7748, section 6.1).</summary>
    [Theory]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("4Ot6fDtBuK4WVuP68Z_EatoJjeucMrH9hmIFFl9JuAA=")]
    public async Task A_key_that_everybody_can_read_for_is_given_nothing(string key)
    {
        using var person = new PersonBrowser(lab.Lab);
        await person.SignInAsync(Host, $"t4{(uint)key.GetHashCode(StringComparison.Ordinal)}@example.com");
        var window = await person.GetAsync($"https://{Host}/cdn-cgi/access/cli?token={key}&aud={lab.Application.Aud}&redirect_url=/");

        Assert.Equal(400, window.Status == 200 ? (await person.PostAsync(window, ("decision", "allow"))).Status : window.Status);

        using var browser = lab.Lab.Browser();
        await Assert.ThrowsAsync<TimeoutException>(
            () => browser.GetAsync(new Uri($"https://{Team}/cdn-cgi/access/transfer/{key}")).WaitAsync(s_held));
    }

    private static Task<HttpResponseMessage> FetchAsync(HttpClient browser, TransferKey key) =>
        browser.GetAsync(new Uri($"https://{Team}/cdn-cgi/access/transfer/{key}"));

    private string Address(TransferKey key) =>
        $"https://{Host}/cdn-cgi/access/cli?token={key}&aud={lab.Application.Aud}&redirect_url=/";
}
