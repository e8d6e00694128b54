using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Text.RegularExpressions;

namespace Tunnel.Testing;

/// <summary>A person who answers a login, with a browser that knows forms and cookies, and no scripts.</summary>
public sealed partial class LoginPerson : IDisposable
{
    private readonly HttpClient _browser;

    public LoginPerson(SslClientAuthenticationOptions trusting) =>
        _browser = new HttpClient(new SocketsHttpHandler { SslOptions = trusting, CookieContainer = new CookieContainer() });

    /// <summary>Signs in, picks the zone, and reads the last page.</summary>
    public async Task<LoginPage> AuthorizeAsync(Uri link, string apiToken, string zone)
    {
        var zones = await SignInAsync(link, apiToken);
        var choice = Choice().Matches(zones.Text).Single(m => m.Groups["name"].Value.Trim() == zone);
        return await zones.PostAsync(("zone", choice.Groups["id"].Value));
    }

    public async Task<LoginPage> CancelAsync(Uri link, string apiToken) =>
        await (await SignInAsync(link, apiToken)).PostAsync(("action", "cancel"));

    public async Task<LoginPage> SignInAsync(Uri link, string apiToken) =>
        await (await GetAsync(link)).PostAsync(("api_token", apiToken));

    public Task<LoginPage> GetAsync(Uri address) => SendAsync(new HttpRequestMessage(HttpMethod.Get, address));

    /// <summary>Posts a form of a page, or what somebody made of one.</summary>
    public async Task<LoginPage> PostAsync(Uri address, IEnumerable<KeyValuePair<string, string>> fields, Action<HttpRequestHeaders>? change = null)
    {
        using var content = new FormUrlEncodedContent(fields);
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = content };
        change?.Invoke(request.Headers);
        return await SendAsync(request);
    }

    public void Dispose() => _browser.Dispose();

    private async Task<LoginPage> SendAsync(HttpRequestMessage request)
    {
        using var response = await _browser.SendAsync(request);
        return new LoginPage(
            this, response.RequestMessage!.RequestUri!, response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    [GeneratedRegex("""<input type="radio" [^>]*name="zone" value="(?<id>[0-9a-f]{32})"[^>]*>\s*<span>(?<name>[^<]+)""")]
    private static partial Regex Choice();
}
