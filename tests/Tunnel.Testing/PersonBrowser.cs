using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;

namespace Tunnel.Testing;

/// <summary>What a browser does in a sign-in: keeps cookies, posts forms with their hidden fields, goes where it is sent.</summary>
public sealed partial class PersonBrowser : IDisposable
{
    private readonly EdgeLab _lab;
    private readonly HttpClient _http;

    /// <param name="lab">The edge to sign in at.</param>
    /// <param name="from">The address that the person comes from; the edge limits sign-ins by it.</param>
    /// <param name="certificate">What to show where a client certificate is asked for; null: nothing.</param>
    public PersonBrowser(EdgeLab lab, IPAddress? from = null, X509Certificate2? certificate = null)
    {
        _lab = lab;
        var options = lab.Trusting(null);
        options.ClientCertificates = certificate is null ? null : [certificate];
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            CookieContainer = Cookies,
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(from ?? IPAddress.Loopback, 0));
                await socket.ConnectAsync(lab.Edge.PublicEndPoint, cancellationToken);
                return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
            },
            SslOptions = options,
        });
    }

    public CookieContainer Cookies { get; } = new();

    /// <summary>The messages in the edge's outbox, the oldest first.</summary>
    public static string[] Mail(EdgeLab lab) => Directory.Exists(lab.File("edge/outbox"))
        ? [.. Directory.GetFiles(lab.File("edge/outbox"), "*.eml").Order(StringComparer.Ordinal).Select(File.ReadAllText)]
        : [];

    public Task<BrowserPage> GetAsync(string address, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Get, new Uri(address), null, headers);

    /// <summary>Goes where a page sends the browser.</summary>
    public Task<BrowserPage> FollowAsync(BrowserPage page) => SendAsync(
        HttpMethod.Get, page.Next ?? throw new InvalidOperationException($"{page.Status} leads nowhere: {page.Text}"), null);

    /// <summary>Fills in the page's form and posts it.</summary>
    public Task<BrowserPage> PostAsync(BrowserPage page, params (string Name, string Value)[] fields)
    {
        var values = HiddenField().Matches(page.Text).ToDictionary(m => m.Groups[1].Value, m => WebUtility.HtmlDecode(m.Groups[2].Value));
        foreach (var (name, value) in fields)
        {
            values[name] = value;
        }

        var action = FormAction().Match(page.Text);
        Assert.True(action.Success, $"{page.Status} has no form: {page.Text}");
        return SendAsync(HttpMethod.Post, new Uri(page.Address, WebUtility.HtmlDecode(action.Groups[1].Value)), new FormUrlEncodedContent(values));
    }

    /// <summary>From an application's address to its sign-in page.</summary>
    public async Task<BrowserPage> OpenLoginAsync(string hostname, string path = "/") =>
        await FollowAsync(await GetAsync($"https://{hostname}{path}"));

    /// <summary>Asks for a PIN, and gives it when it has come by mail.</summary>
    /// <returns>The page after it.</returns>
    public async Task<BrowserPage> EnterPinAsync(BrowserPage login, string email)
    {
        var before = Mail(_lab).Length;
        var asked = await FollowAsync(await PostAsync(login, ("email", email)));
        await Eventually.True(() => Mail(_lab).Length > before, "the PIN comes by mail");
        return await PostAsync(asked, ("code", PinOf(Mail(_lab)[^1])));
    }

    /// <summary>Signs in by PIN and returns the application's token.</summary>
    public async Task<string> SignInAsync(string hostname, string email)
    {
        var done = await EnterPinAsync(await OpenLoginAsync(hostname), email);
        await FollowAsync(done);
        return Token(hostname);
    }

    /// <summary>The application's token, as this browser has it.</summary>
    public string Token(string hostname) =>
        Cookies.GetCookies(new Uri($"https://{hostname}/"))["CF_Authorization"]?.Value ?? throw new InvalidOperationException("Not signed in.");

    public static string PinOf(string message) => Pin().Match(message).Value;

    public void Dispose() => _http.Dispose();

    private async Task<BrowserPage> SendAsync(
        HttpMethod method, Uri address, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, address) { Content = content };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (content is not null)
        {
            request.Headers.TryAddWithoutValidation("Origin", address.GetLeftPart(UriPartial.Authority));
            request.Headers.TryAddWithoutValidation("Sec-Fetch-Site", "same-origin");
        }

        using var response = await _http.SendAsync(request);
        var next = response.Headers.Location is { } location ? new Uri(address, location)
            : response.Headers.TryGetValues("Refresh", out var refresh) ? new Uri(address, refresh.Single().Split("url=")[1])
            : null;
        return new BrowserPage(address, (int)response.StatusCode, await response.Content.ReadAsStringAsync(), next);
    }

    [GeneratedRegex("""<input type="hidden" name="([^"]+)" value="([^"]*)">""")]
    private static partial Regex HiddenField();

    [GeneratedRegex("""<form method="post" action="([^"]+)" """)]
    private static partial Regex FormAction();

    [GeneratedRegex("""^\d{6}(?=\r?$)""", RegexOptions.Multiline)]
    private static partial Regex Pin();
}
