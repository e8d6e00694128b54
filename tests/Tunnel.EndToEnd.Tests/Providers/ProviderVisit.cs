using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.RegularExpressions;
using Tunnel.Access;
using Tunnel.Core.Api;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests;

/// <summary>An edge that trusts one provider, an application behind it, and the way of a person through all three.</summary>
internal sealed partial class ProviderVisit : IAsyncDisposable
{
    public const string Hostname = "people.example.test";
    public const string Team = "tunnel.cloudflareaccess.test";

    private readonly HttpClient _outside;

    private ProviderVisit(EdgeLab lab, HttpClient outside) => (Lab, _outside) = (lab, outside);

    public EdgeLab Lab { get; }

    /// <param name="hosts">Hosts of providers that are at another address.</param>
    public static async Task<ProviderVisit> StartAsync(
        X509Certificate2 certificate, TimeProvider? time = null, params (string Host, string Address)[] hosts)
    {
        var lab = await EdgeLab.StartAsync(time, options => options with
        {
            IdentityProviderAuthorities = [certificate],
            IdentityProviderHosts = hosts.ToDictionary(h => h.Host, h => new Uri(h.Address)),
        });
#pragma warning disable CA5399 // It talks to the test's own provider only.
        return new ProviderVisit(lab, new HttpClient(new HttpClientHandler
        {
            AllowAutoRedirect = false,
            ServerCertificateCustomValidationCallback = (_, shown, _, _) => shown?.Thumbprint == certificate.Thumbprint,
        }));
#pragma warning restore CA5399
    }

    public async ValueTask DisposeAsync()
    {
        _outside.Dispose();
        await Lab.DisposeAsync();
    }

    /// <returns>Its id.</returns>
    public async Task<string> AddProviderAsync(string type, object config)
    {
        using var api = Lab.ApiHttp();
        using var response = await api.PostAsJsonAsync(
            new Uri($"accounts/{Lab.Edge.AccountId}/access/identity_providers", UriKind.Relative), new { name = "Example", type, config });
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonElement.Parse(text).GetProperty("result").GetProperty("id").GetString()!;
    }

    public Task<AccessApplication> ProtectAsync(params AccessRule[] include) =>
        Lab.ProtectAsync(Hostname, EdgeLab.Policy(AccessDecision.Allow, include));

    /// <summary>From the application to the address at the provider.</summary>
    /// <param name="provider">Its id; null for the first on the page.</param>
    public static async Task<Uri> GoToProviderAsync(PersonBrowser browser, string? provider = null, string hostname = Hostname)
    {
        var login = await browser.OpenLoginAsync(hostname);
        var link = Link().Matches(login.Text).FirstOrDefault(l => provider is null || l.Value.Contains(provider, StringComparison.Ordinal));
        Assert.True(link is not null, login.Text);
        var begun = await browser.GetAsync($"https://{Team}{WebUtility.HtmlDecode(link.Groups[1].Value)}");
        return begun.Next ?? throw new InvalidOperationException(begun.Text);
    }

    /// <summary>Where the provider sends the browser.</summary>
    public async Task<Uri> AnswerAsync(Uri address)
    {
        using var response = await _outside.GetAsync(address);
        return response.Headers.Location ?? throw new InvalidOperationException(await response.Content.ReadAsStringAsync());
    }

    public async Task<BrowserPage> ReturnAsync(PersonBrowser browser, Uri address) =>
        await browser.GetAsync((await AnswerAsync(address)).ToString());

    /// <summary>All the way, and the status of the page after it.</summary>
    public async Task<int> SignInAsync()
    {
        using var browser = new PersonBrowser(Lab);
        return (await ReturnAsync(browser, await GoToProviderAsync(browser))).Status;
    }

    [GeneratedRegex("""href="(/cdn-cgi/access/oidc/[^"]+)">""")]
    private static partial Regex Link();
}
