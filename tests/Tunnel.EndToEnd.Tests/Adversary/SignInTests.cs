using System.Net;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests.Adversary;

/// <summary>Somebody else's sign-in, address or browser: none of it leads elsewhere, or signs anybody in.</summary>
public sealed class SignInTests(AdversaryLab lab) : IClassFixture<AdversaryLab>, IDisposable
{
    private readonly int _before = lab.Origin.Connections;

    private const string Host = AdversaryLab.Hostname;
    private const string Team = AdversaryLab.Team;

    /// <summary>Whatever a test did: the service saw none of it.</summary>
    public void Dispose() => Assert.Equal(_before, lab.Origin.Connections);

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("///evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("\\\\evil.example/")]
    [InlineData("/%5cevil.example/")]
    [InlineData("/%2fevil.example/")]
    [InlineData("/%0d%0aLocation:%20https://evil.example/")]
    [InlineData("/\r\nLocation: https://evil.example/")]
    [InlineData("/\tevil")]
    [InlineData("@evil.example/")]
    [InlineData("/@evil.example/")]
    [InlineData(".evil.example/")]
    [InlineData(":443@evil.example/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("data:text/html,x")]
    [InlineData("/javascript:alert(1)")]
    [InlineData("https:evil.example")]
    [InlineData("http://ssh.example.test@evil.example/")]
    [InlineData("/\uff0f\uff0fevil.example/")]
    [InlineData("https://\u0435vil.example/")]
    [InlineData("/..//evil.example/")]
    [InlineData("/?x=https://evil.example/")]
    [InlineData("http:\\\\evil.example/")]
    [InlineData("https:/\\evil.example/")]
    [InlineData("%2f%2fevil.example/")]
    [InlineData("/%09/evil.example/")]
    [InlineData("/\t/evil.example/")]
    [InlineData("/\n/evil.example/")]
    [InlineData("\u0000//evil.example/")]
    [InlineData(" //evil.example/")]
    [InlineData("/\u200b/evil.example/")]
    [InlineData("https://ssh.example.test:443@evil.example/")]
    [InlineData("https://ssh.example.test.evil.example/")]
    [InlineData("https://evil.example\\@ssh.example.test/")]
    [InlineData("https://evil.example#@ssh.example.test/")]
    [InlineData("?//evil.example/")]
    [InlineData("")]
    [InlineData("/#https://evil.example/")]
    public async Task The_sign_in_goes_on_at_the_applications_host_and_nowhere_else(string target)
    {
        using var person = new PersonBrowser(lab.Lab);
        var address = $"https://{Team}/cdn-cgi/access/login/{Host}?kid={lab.Application.Aud}&redirect_url={Uri.EscapeDataString(target)}";

        var page = await lab.AssertUnseen(() => person.GetAsync(address));

        Assert.Equal(Host, page.Next!.IdnHost);
        Assert.Equal("https", page.Next.Scheme);
        Assert.Equal("", page.Next.UserInfo);
        Assert.Equal(443, page.Next.Port);
    }

    [Theory]
    [InlineData("//evil.example/x")]
    [InlineData("/\\evil.example/x")]
    [InlineData("/%0d%0aLocation:%20https://evil.example/")]
    [InlineData("/%09/evil.example")]
    [InlineData("/@evil.example")]
    [InlineData("/..%2f%2fevil.example")]
    [InlineData("///evil.example")]
    [InlineData("/?redirect_url=https://evil.example/")]
    public async Task Who_has_signed_in_is_sent_back_to_the_host_that_asked(string path)
    {
        // Each a mail address of its own: there are few PINs for one.
        var email = $"p{(uint)path.GetHashCode(StringComparison.Ordinal)}@example.com";
        using var person = new PersonBrowser(lab.Lab);

        var back = await person.FollowAsync(await person.EnterPinAsync(await person.OpenLoginAsync(Host, path), email));

        Assert.Equal((302, Host, ""), (back.Status, back.Next!.Host, back.Next.UserInfo));
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("ssh.example.test.evil.example")]
    [InlineData("evil.example%23.ssh.example.test")]
    [InlineData("ssh.example.test%40evil.example")]
    [InlineData("ssh.example.test%2f..%2fevil.example")]
    [InlineData("ssh.example.test%0d%0a")]
    [InlineData("open.example.test")]
    [InlineData("xn--sh-8ka.example.test")]
    [InlineData("tunnel.cloudflareaccess.test")]
    public async Task A_host_that_no_application_covers_is_no_place_to_sign_in_to(string hostname)
    {
        using var person = new PersonBrowser(lab.Lab);
        var meta = (await person.GetAsync($"https://{Host}/")).Next!.Query.Split("meta=")[1];

        foreach (var query in (string[])[$"kid={lab.Application.Aud}&redirect_url=/", $"kid={lab.Application.Aud}&meta={meta}"])
        {
            var page = await person.GetAsync($"https://{Team}/cdn-cgi/access/login/{hostname}?{query}");
            Assert.Equal((true, null), (page.Status is 400 or 404, page.Next));
        }
    }

    [Fact]
    public async Task A_sign_in_that_was_begun_in_another_browser_signs_nobody_in()
    {
        using var attacker = new PersonBrowser(lab.Lab);
        using var victim = new PersonBrowser(lab.Lab);
        await victim.GetAsync($"https://{Host}/");
        var done = await attacker.EnterPinAsync(await attacker.OpenLoginAsync(Host), "mallory1@example.com");

        Assert.Equal(400, (await victim.FollowAsync(done)).Status);
        Assert.Throws<InvalidOperationException>(() => victim.Token(Host));
    }

    /// <summary>Session fixation: the attacker's cookie and link stand in the victim's browser when the victim signs in.</summary>
    [Fact]
    public async Task A_cookie_and_a_link_that_were_known_before_a_sign_in_are_worth_nothing_after_it()
    {
        using var attacker = new PersonBrowser(lab.Lab);
        using var victim = new PersonBrowser(lab.Lab);
        var link = await attacker.GetAsync($"https://{Host}/");
        var planted = attacker.Cookies.GetCookies(new Uri($"https://{Host}/"))["CF_AppSession"]!.Value;
        victim.Cookies.SetCookies(new Uri($"https://{Host}/"), $"CF_AppSession={planted}; Secure; Path=/");

        var done = await victim.EnterPinAsync(await victim.GetAsync(link.Next!.ToString()), "carol3@example.com");
        await victim.FollowAsync(done);

        Assert.NotEmpty(victim.Token(Host));
        Assert.Equal(302, (await attacker.GetAsync($"https://{Host}/")).Status); // to sign in
        Assert.Equal((200, null), await LoginAsync(attacker, link)); // asked who they are
        Assert.Equal(400, (await attacker.FollowAsync(done)).Status); // spent
        Assert.Throws<InvalidOperationException>(() => attacker.Token(Host));

        static async Task<(int Status, Uri? Next)> LoginAsync(PersonBrowser browser, BrowserPage link)
        {
            var page = await browser.GetAsync(link.Next!.ToString());
            return (page.Status, page.Next);
        }
    }

    [Fact]
    public async Task A_sign_in_over_another_makes_a_session_of_its_own()
    {
        using var person = new PersonBrowser(lab.Lab);
        var first = TokenSigner.ClaimsOf(await person.SignInAsync(Host, "carol4@example.com"));
        person.Cookies.SetCookies(new Uri($"https://{Host}/"), "CF_Authorization=x; Secure; Path=/; Max-Age=0");
        person.Cookies.SetCookies(new Uri($"https://{Team}/"), "CF_Authorization=x; Secure; Path=/; Max-Age=0");

        var second = TokenSigner.ClaimsOf(await person.SignInAsync(Host, "carol4@example.com"));

        Assert.NotEqual(first["identity_nonce"]!.GetValue<string>(), second["identity_nonce"]!.GetValue<string>());
        Assert.NotEqual(first["sid"]!.GetValue<string>(), second["sid"]!.GetValue<string>());
    }

    [Fact]
    public async Task States_of_two_sign_ins_are_not_swapped()
    {
        using var attacker = new PersonBrowser(lab.Lab);
        using var victim = new PersonBrowser(lab.Lab);
        var (attackers, victims) = (await attacker.OpenLoginAsync(Host), await victim.OpenLoginAsync(Host));
        var state = StateOf(attackers);

        // The victim's form with the attacker's state: it ends where the attacker's sign-in was begun, so nowhere.
        var done = await victim.EnterPinAsync(victims with { Text = victims.Text.Replace(StateOf(victims), state, StringComparison.Ordinal) }, "carol5@example.com");
        Assert.Equal(400, (await victim.FollowAsync(done)).Status);
        Assert.Throws<InvalidOperationException>(() => victim.Token(Host));
        Assert.Equal(400, (await attacker.FollowAsync(done)).Status); // spent

        static string StateOf(BrowserPage page) => System.Text.RegularExpressions.Regex.Match(page.Text, "name=\"state\" value=\"([^\"]+)\"").Groups[1].Value;
    }

    [Fact]
    public async Task A_cookie_that_a_site_beside_it_sets_is_no_proof_of_the_browser()
    {
        using var attacker = new PersonBrowser(lab.Lab);
        var done = await attacker.EnterPinAsync(await attacker.OpenLoginAsync(Host), "mallory2@example.com");
        var binding = attacker.Cookies.GetCookies(new Uri($"https://{Host}/"))["CF_AppSession"]!.Value;
        // What a browser with the attacker's cookie for all of example.test sends: the host's own cookie it cannot have.
        using var victim = lab.Lab.Browser();
        using var request = new HttpRequestMessage(HttpMethod.Get, done.Next);
        request.Headers.TryAddWithoutValidation("Cookie", $"CF_AppSession={binding}; cf_appsession={binding}; __host-cf_appsession={binding}");
        request.Headers.TryAddWithoutValidation("Sec-Fetch-Site", "cross-site");

        using var response = await victim.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.DoesNotContain(Cookies(response), c => c.StartsWith("CF_Authorization=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_browser_is_given_the_host_cookie_and_goes_by_it()
    {
        using var browser = lab.Lab.Browser();
        using var first = await SendAsync(null);
        var cookies = Cookies(first);
        var host = cookies.Single(c => c.StartsWith("__Host-CF_AppSession=", StringComparison.Ordinal));

        Assert.Contains("secure", host, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("path=/", host, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("domain=", host, StringComparison.OrdinalIgnoreCase);
        using var again = await SendAsync(host.Split(';')[0] + "; CF_AppSession=ofsomebodyelse");
        Assert.Contains(Cookies(again), c => c.StartsWith(host.Split(';')[0], StringComparison.Ordinal)); // kept

        async Task<HttpResponseMessage> SendAsync(string? cookie)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"https://{Host}/");
            request.Headers.TryAddWithoutValidation("Cookie", cookie);
            request.Headers.TryAddWithoutValidation("Sec-Fetch-Site", "none");
            return await browser.SendAsync(request);
        }
    }

    [Fact]
    public async Task A_code_is_good_once_at_its_own_host_and_not_when_guessed()
    {
        using var person = new PersonBrowser(lab.Lab);
        var done = await person.EnterPinAsync(await person.OpenLoginAsync(Host), "carol1@example.com");
        var code = done.Next!.Query.Split("code=")[1];
        await person.GetAsync($"https://{AdversaryLab.Other}/"); // so that this browser is known there, too

        Assert.Equal(400, (await person.GetAsync($"https://{AdversaryLab.Other}/cdn-cgi/access/authorized?code={code}")).Status);
        Assert.Equal(400, (await person.GetAsync($"https://{Host}/cdn-cgi/access/authorized?code={new string('0', 64)}")).Status);
        Assert.Equal(400, (await person.GetAsync($"https://{Host}/cdn-cgi/access/authorized?code=")).Status);
        Assert.Equal(400, (await person.FollowAsync(done)).Status); // spent by the try at the other host
    }

    [Fact]
    public async Task The_window_that_asks_for_a_programs_access_is_not_answered_by_another_site()
    {
        using var person = new PersonBrowser(lab.Lab);
        await person.SignInAsync(Host, "carol2@example.com");
        var key = System.Buffers.Text.Base64Url.EncodeToString(new byte[32].Select((_, i) => (byte)(i + 1)).ToArray()) + "=";
        var address = $"https://{Host}/cdn-cgi/access/cli?token={key}&aud={lab.Application.Aud}&redirect_url=/";
        var page = await person.GetAsync(address);
        Assert.Equal(200, page.Status);

        Assert.Equal(400, (await person.PostAsync(page, ("form_token", "AAAA"), ("decision", "allow"))).Status);
        Assert.Equal(400, (await person.GetAsync(address.Replace(lab.Application.Aud!, new string('0', 64), StringComparison.Ordinal))).Status);
        Assert.Equal(400, (await person.GetAsync(address.Replace(key, "AAAA", StringComparison.Ordinal))).Status);
    }

    private static string[] Cookies(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Set-Cookie", out var values) ? [.. values] : [];
}
