using System.Text.RegularExpressions;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests.Visitors;

/// <summary>What a person does in a browser with the link that a program shows.</summary>
internal static partial class ProgramLogin
{
    /// <summary>Waits for the link.</summary>
    public static async Task<string> LinkAsync(RunningProgram program)
    {
        await Eventually.True(() => program.HasExited || Links(program).Length > 0, "the program shows its link");
        return Links(program) is [var first, ..] ? first : throw new InvalidOperationException("No link: " + program.Output);
    }

    /// <summary>The different links that a program has shown.</summary>
    public static string[] Links(RunningProgram program) => [.. Link().Matches(program.Output).Select(m => m.Value).Distinct()];

    /// <summary>Opens the link, signs in by PIN where that is asked for, and decides.</summary>
    public static async Task<BrowserPage> AnswerAsync(PersonBrowser browser, string link, string email, string decision = "allow")
    {
        var page = await browser.GetAsync(link);
        if (page.Status == 302)
        {
            var login = await browser.FollowAsync(page);
            var done = login.Status == 302 ? login : await browser.EnterPinAsync(login, email);
            if (done.Status == 403)
            {
                return done;
            }

            page = await browser.FollowAsync(await browser.FollowAsync(done));
        }

        Assert.Contains("Let a program in?", page.Text, StringComparison.Ordinal);
        return await browser.PostAsync(page, ("decision", decision));
    }

    [GeneratedRegex(@"https://\S+/cdn-cgi/access/cli\S+")]
    private static partial Regex Link();
}
