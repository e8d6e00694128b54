using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Tunnel.Testing;

namespace Tunnel.PowerShell.Tests;

/// <summary>A person who signs in by PIN, by the edge's own pages, as a browser does it.</summary>
internal static partial class PersonSignIn
{
    private const string Team = "tunnel.cloudflareaccess.test";

    /// <summary>A client whose every hostname is the edge's public address.</summary>
    public static HttpClient Browser(ConnectedHost host, CookieContainer? cookies = null, bool followsRedirects = true)
    {
        var visitors = (IPEndPoint)host.Host.RunOne("(Get-TunnelEdge).PublicEndPoint").BaseObject;
        return new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = followsRedirects,
            CookieContainer = cookies ?? new CookieContainer(),
            ConnectCallback = async (_, stop) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(visitors, stop);
                return new NetworkStream(socket, ownsSocket: true);
            },
#pragma warning disable CA5359 // The edge's own certificate on loopback; who it is makes no difference here.
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = static (_, _, _, _) => true },
#pragma warning restore CA5359
        });
    }

    /// <summary>Signs in all the way.</summary>
    /// <returns>The application's token.</returns>
    public static async Task<string> RunAsync(ConnectedHost host, string hostname, string email)
    {
        var cookies = new CookieContainer();
        using HttpClient browser = Browser(host, cookies);
        var page = await browser.GetStringAsync($"https://{hostname}/");
        var outbox = Path.Combine(host.Folder.File("edge"), "outbox");
        int before = Mail().Length;
        using var asked = await PostAsync(browser, $"https://{Team}/cdn-cgi/access/login/{hostname}", page, "email", email);
        page = await asked.Content.ReadAsStringAsync();
        Assert.True(SpinWait.SpinUntil(() => Mail().Length > before, Eventually.Limit), "The PIN comes by mail.");
        var pin = Pin().Match(await File.ReadAllTextAsync(Mail().Order().Last())).Value;
        using var done = await PostAsync(browser, $"https://{Team}/cdn-cgi/access/pin", page, "code", pin);
        Assert.Contains("You are signed in", await done.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        // The last address sets the cookie; nothing has to answer behind it.
        using var authorized = await browser.GetAsync(new Uri(done.Headers.GetValues("Refresh").Single().Split("url=")[1]));
        return cookies.GetCookies(new Uri($"https://{hostname}/"))["CF_Authorization"]!.Value;

        string[] Mail() => Directory.Exists(outbox) ? Directory.GetFiles(outbox, "*.eml") : [];
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpClient browser, string address, string page, string name, string value)
    {
        var fields = Hidden().Matches(page).ToDictionary(m => m.Groups[1].Value, m => WebUtility.HtmlDecode(m.Groups[2].Value));
        fields[name] = value;
        using var form = new FormUrlEncodedContent(fields);
        return await browser.PostAsync(new Uri(address), form);
    }

    [GeneratedRegex("""<input type="hidden" name="([^"]+)" value="([^"]*)">""")]
    private static partial Regex Hidden();

    [GeneratedRegex("""^\d{6}(?=\r?$)""", RegexOptions.Multiline)]
    private static partial Regex Pin();
}
