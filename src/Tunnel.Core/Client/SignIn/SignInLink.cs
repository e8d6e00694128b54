using Tunnel.Core.Login;
using Tunnel.Protocol.Tokens;
using Tunnel.Protocol.Transfers;

namespace Tunnel.Core.Client.SignIn;

/// <summary>The page on which a person lets a program in, as cloudflared's <c>buildRequestURL</c> has it.</summary>
internal static class SignInLink
{
    private const string CloudflareSuffix = ".cloudflareaccess.com";
    private const string FederalSuffix = ".fed.cloudflareaccess.com";

    /// <summary>Cloudflare's store for its federal teams.</summary>
    private static readonly Uri s_federalStore = new("https://login.fed.cloudflareaccess.org/");

    public static Uri Format(AccessAddress address, AccessMetadata application, TransferKey key, bool closesPage)
    {
        var root = "https://" + address.Authority;
        var query = $"aud={application.Audience}&token={Uri.EscapeDataString(key.ToString())}";
        var close = closesPage ? "&close_interstitial=true" : "";
        return new Uri($"{root}/cdn-cgi/access/cli?{query}&edge_token_transfer=true&send_org_token=true{close}" +
            $"&redirect_url={Uri.EscapeDataString($"{root}?{query}")}");
    }

    public static Uri TransferAddress(AccessMetadata application, int port) =>
        application.AuthDomain.EndsWith(FederalSuffix, StringComparison.Ordinal) ? s_federalStore
        : application.AuthDomain.EndsWith(CloudflareSuffix, StringComparison.Ordinal) ? BrowserLoginOptions.CloudflareCallbackAddress
        : new UriBuilder("https", application.AuthDomain, port, "/cdn-cgi/access/").Uri;

    /// <summary>Cloudflare's teams are at the usual port, an edge of one's own has everything at one port.</summary>
    public static int PortOf(string team, int port) => team.EndsWith(CloudflareSuffix, StringComparison.Ordinal) ? 443 : port;

    public static IEnumerable<string> Instructions(Uri link, string hostname, bool isOpened)
    {
        yield return isOpened
            ? $"A browser window should have opened for the sign-in to {hostname}. If it has not, open this link yourself:"
            : $"Open this link in a browser to sign in to {hostname}:";
        yield return link.AbsoluteUri;
    }
}
