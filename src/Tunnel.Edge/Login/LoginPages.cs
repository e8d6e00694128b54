using System.Net;
using Microsoft.AspNetCore.Http;
using Tunnel.Edge.Pages;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Login;

/// <summary>The pages of a login: sign in, choose a zone, done.</summary>
internal static class LoginPages
{
    public const string Path = "/argotunnel";
    public const string ZonePath = Path + "/zone";
    public const string DonePath = Path + "/done";
    public const string CertificatePath = Path + "/cert.pem";

    public const string TokenField = "api_token";
    public const string ZoneField = "zone";
    public const string ActionField = "action";
    public const string Cancel = "cancel";

    /// <summary>More are found by their name.</summary>
    public const int MaxZones = 50;

    public static Page SignIn(LoginRequest request, IPAddress? waiting, string formToken, string? error = null, int statusCode = 200)
    {
        var token = new TextField(TokenField, "API token")
        {
            Type = "password", AutoComplete = "current-password", MaxLength = 256,
            Hint = "Of an administrator. The edge keeps its first one in the file api-token in its state folder.",
            HasFocus = error is null, Error = error,
        };
        var form = new PageForm(PageAddress.Local(Path), formToken, token.ToHtml(), [new PageButton("Sign in")])
        {
            Hidden = [new(LoginRequest.Parameter, request.Callback)],
        };
        return new Page("Sign in to authorize a program", Html.Of(
            $"""
            <p>A program asks for a certificate with which it can run tunnels in one of your zones.</p>
            {Asker(request, waiting)}
            <p>Go on only if you have just started a login yourself, and the key is the one that it shows, or the address yours.</p>
            {form.ToHtml()}
            """))
        {
            StatusCode = statusCode, Errors = error is null ? [] : [new PageError(TokenField, error)],
        };
    }

    public static Page ChooseZone(
        LoginRequest request, IPAddress? waiting, string account, ZoneChoice zones, string formToken, string? error = null)
    {
        if (zones.All == 0)
        {
            var close = new PageForm(
                PageAddress.Local(ZonePath), formToken, Html.Empty, [new PageButton("Cancel the login", ActionField, Cancel)]);
            return new Page("No zone yet", Html.Of(
                $"<p>This account has no zone. Add one first, then reload this page: <code>New-TunnelZone example.com</code></p>{close.ToHtml()}"))
            {
                Owner = account,
            };
        }

        var field = new ChoiceField(ZoneField, "Zone", [.. zones.Shown.Select(z => new PageChoice(z.Id, z.Name, Detail(z)))])
        {
            Selected = zones.Shown is [var only] ? only.Id : null, HasFocus = error is null, Error = error,
        };
        var form = new PageForm(PageAddress.Local(ZonePath), formToken, field.ToHtml(),
            [new PageButton("Authorize"), new PageButton("Cancel", ActionField, Cancel) { IsSecondary = true }]);
        return new Page("Choose a zone", Html.Of(
            $"""
            <p>The program will be able to create, run and delete this account's tunnels, and to change the DNS records of the zone you choose. Nothing else.</p>
            {Asker(request, waiting)}
            {Search(zones)}
            {(zones.Shown.Count == 0 ? Html.Empty : form.ToHtml())}
            """))
        {
            Owner = account, StatusCode = error is null ? 200 : StatusCodes.Status422UnprocessableEntity,
            Errors = error is null ? [] : [new PageError(ZoneField, error)],
        };
    }

    /// <param name="isFetched">Whether the program has it; null when only it can have it.</param>
    public static Page Done(LoginRequest request, string account, string zone, bool? isFetched, string formToken)
    {
        var download = new PageForm(
            PageAddress.Local(CertificatePath), formToken, Html.Empty, [new PageButton("Download cert.pem") { IsSecondary = true }]);
        var status = isFetched == false
            ? "The certificate is ready for the program."
            : "The program has its certificate. You can close this page.";
        var content = Html.Of($"""<p role="status">{status}</p>{Outcome(request, zone)}""");
        if (isFetched == false)
        {
            content += Html.Of(
                $"""
                <p>If the program has ended or says that it did not get it, download the certificate and put it where the program looks for it. It is a secret, and given out once.</p>
                {download.ToHtml()}
                """);
        }

        return new Page("Authorized", content) { Owner = account };
    }

    public static Page Cancelled() =>
        new("Cancelled", Html.Of($"""<p role="status">The program was given nothing. You can close this page.</p>"""));

    public static Page Expired() => new("This login has ended", Html.Of(
        $"<p>Start it again from the program, and open the link that it shows.</p>")) { StatusCode = StatusCodes.Status403Forbidden };

    public static Page NotOurs() => new("This link cannot be used", Html.Of(
        $"""
        <p>A login link names, as its <code>callback</code>, a key in the store of the same edge. This one does not.</p>
        <p>With cloudflared, <code>--callbackURL</code> is this edge's API address with a slash at the end.</p>
        """)) { StatusCode = StatusCodes.Status400BadRequest };

    public static Page Full() => new("Try again in some minutes", Html.Of(
        $"<p>Too many logins are under way. The program was given nothing.</p>")) { StatusCode = StatusCodes.Status503ServiceUnavailable };

    private static Html Search(ZoneChoice zones)
    {
        if (zones.All <= MaxZones)
        {
            return Html.Empty;
        }

        var name = new TextField(ZoneChoice.Parameter, "Find a zone by its name") { Value = zones.Filter ?? "", IsRequired = false };
        return Html.Of(
            $"""
            <form method="get" action="{PageAddress.Local(ZonePath)}" role="search">{name.ToHtml()}<div class="buttons"><button class="secondary">Find</button></div></form>
            <p class="hint" role="status">Shown: {zones.Shown.Count} of {zones.All} zones.</p>
            """);
    }

    private static string? Detail(ZoneRecord zone) => zone.Status == "active" ? null : $"This zone is {zone.Status}";

    private static Html Asker(LoginRequest request, IPAddress? waiting) => PageFacts.ToHtml(
        ("Key of the program", request.Slot.Key.Fingerprint),
        ("Waiting for the certificate", waiting is null ? "Nothing at the moment" : Address(waiting)));

    private static Html Outcome(LoginRequest request, string zone) =>
        PageFacts.ToHtml(("Zone", zone), ("Key of the program", request.Slot.Key.Fingerprint));

    private static string Address(IPAddress address) => IPAddress.IsLoopback(address)
        ? $"{address} (the edge's own machine)"
        : (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
}
