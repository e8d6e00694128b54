using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Tunnel.Edge.Hosting;
using Tunnel.Edge.Pages;
using Tunnel.Edge.Store;
using Tunnel.Edge.Transfers;
using Tunnel.Protocol.Transfers;

namespace Tunnel.Edge.Identity.SignIn;

/// <summary>What a sign-in needs at the application's own host: its end, and the handing over to a program.</summary>
internal sealed class ApplicationHostEndpoints(
    ApplicationTokens tokens, TokenBinding binding, AccessGate gate, AuthorizationCodes codes, SignInStates states, LoginRedirect login,
    TransferStore transfers)
{
    private readonly FormGuard _guard = new("CF_Cli");

    /// <summary>
    /// <c>/authorized</c>: the code becomes the application's cookie, in the browser that asked for it and in no other.
    /// </summary>
    public async Task AuthorizeAsync(AccessRequest request)
    {
        var http = request.Http;
        var binding = AccessCookies.ReadBinding(http.Request);
        if (binding is null || codes.Take(http.Request.Query["code"].ToString()) is not { } finished
            || finished.State.Hostname != request.Hostname || finished.State.Binding != states.BindingOf(binding)
            || request.ApplicationOf(finished.State) is not { } application)
        {
            gate.Log.Unmatched(request.Hostname, request.Address, request.RayId, isAllowed: false,
                "The end of a sign-in that was not begun in this browser, or was over.");
            await PageResponse.WriteAsync(http, SignInPages.StartAgain(request)).ConfigureAwait(false);
            return;
        }

        WriteToken(request, application, finished.State.Path.Split('?')[0], finished.Token, finished.Expires);
        AccessCookies.WriteBinding(http.Response, binding, finished.Expires);
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Redirect(finished.State.Origin + finished.State.Path);
    }

    private void WriteToken(AccessRequest request, AccessApplicationRecord application, string path, string token, DateTimeOffset expires)
    {
        var bound = application.Settings.TokenIsBoundToBrowser ? binding.Of(token) : null;
        var own = CookiePath.Of(application, request.Hostname, path);
        AccessCookies.WriteToken(request.Http.Response, token, expires, application, own, bound);
        if (own != "/")
        {
            // The edge's own pages at this host ask who it is, too.
            AccessCookies.WriteToken(request.Http.Response, token, expires, application, AccessEndpoints.BasePath, bound);
        }
    }

    /// <summary>Who showed a valid application token at this host.</summary>
    public async Task<VerifiedIdentity?> IdentifyAsync(AccessRequest request)
    {
        foreach (var application in request.Snapshot.Applications)
        {
            if (ApplicationMatcher.HostOf(application, request.Hostname) is not null
                && await gate.IdentifyAsync(request.Http.Request, application, request.Snapshot).ConfigureAwait(false) is { } identity)
            {
                return identity;
            }
        }

        return null;
    }

    /// <summary><c>/cli</c>: asks whether the program that waits may have the person's tokens.</summary>
    public async Task ShowCliAsync(AccessRequest request)
    {
        if (await FindCliAsync(request).ConfigureAwait(false) is not ({ } application, { } key))
        {
            return;
        }

        var identity = await gate.IdentifyAsync(request.Http.Request, application, request.Snapshot).ConfigureAwait(false);
        if (identity?.Session is not { } session)
        {
            request.Http.Response.Redirect(login.Begin(request.Http, request.Hostname, application, request.Organization));
            return;
        }

        var slot = new TransferSlot(key, IsSealed: true);
        if (application.Settings.SkipsInterstitial && WasOpenedByHand(request.Http.Request) && WaitsHere(slot, request.Address))
        {
            await GiveAsync(request, slot, session, identity.Token!).ConfigureAwait(false);
            return;
        }

        await PageResponse.WriteAsync(request.Http, SignInPages.Grant(
            request, session, application, _guard.Issue(request.Http), PageAddress.Local(request.Http.Request.GetEncodedPathAndQuery())))
            .ConfigureAwait(false);
    }

    /// <summary>The posted answer.</summary>
    public async Task DecideCliAsync(AccessRequest request)
    {
        var http = request.Http;
        if (await FindCliAsync(request).ConfigureAwait(false) is not ({ } application, { } key))
        {
            return;
        }

        var form = await FormBody.ReadAsync(http).ConfigureAwait(false);
        if (form is null || !_guard.Accepts(http, form)
            || await gate.IdentifyAsync(http.Request, application, request.Snapshot).ConfigureAwait(false)
                is not { Session: { } session, Token: { } token })
        {
            await PageResponse.WriteAsync(http, SignInPages.StartAgain(request)).ConfigureAwait(false);
            return;
        }

        var slot = new TransferSlot(key, IsSealed: true);
        if (form["decision"] != "allow")
        {
            transfers.TryCancel(slot);
            await PageResponse.WriteAsync(http, SignInPages.Message(request, 200, "The program was told no", "You can close this page."))
                .ConfigureAwait(false);
            return;
        }

        await GiveAsync(request, slot, session, token).ConfigureAwait(false);
    }

    private async Task GiveAsync(AccessRequest request, TransferSlot slot, AccessSessionRecord session, string token)
    {
        var content = Tokens(token, tokens.IssueForOrganization(request.Organization, session, gate.CountryOf(request.Address)));
        Page page;
        try
        {
            page = transfers.TryPut(slot, content)
                ? SignInPages.Message(request, 200, "The program is let in", "Go back to it. You can close this page.")
                : SignInPages.Message(request, 503, "That did not work", "Too much is waiting to be fetched. Try again in some minutes.");
        }
        catch (TransferFormatException)
        {
            // A key with which everybody could read it: no program makes one.
            page = SignInPages.StartAgain(request);
        }

        await PageResponse.WriteAsync(request.Http, page).ConfigureAwait(false);
    }

    // A link from a mail looks as if it were opened by hand, too: the program that waits has to be where the browser is.
    private bool WaitsHere(TransferSlot slot, System.Net.IPAddress address) =>
        transfers.WaitingFrom(slot) is { } program && VisitorNetwork.SiteOf(program) == VisitorNetwork.SiteOf(address);

    // A program that opens a browser comes from no page (Fetch Metadata); everybody else's link is still asked about.
    private static bool WasOpenedByHand(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && request.Headers["Sec-Fetch-Site"] is ["none"] && !request.Headers.ContainsKey("Sec-Purpose");

    /// <summary>The application and the waiting program's key; answers the request itself when there is none.</summary>
    private static async Task<(AccessApplicationRecord?, TransferKey?)> FindCliAsync(AccessRequest request)
    {
        var query = request.Http.Request.Query;
        if (TransferKey.TryParse(query["token"].ToString(), out var key)
            && request.Snapshot.ApplicationsByAud.TryGetValue(query["aud"].ToString(), out var application)
            && ApplicationMatcher.HostOf(application, request.Hostname) is not null)
        {
            if (!application.Settings.TokenIsBoundToBrowser)
            {
                return (application, key);
            }

            await PageResponse.WriteAsync(request.Http, SignInPages.Message(request, 403, "Browsers only",
                $"{application.Name} binds its sign-in to the browser (enable_binding_cookie), so that programs cannot use it.")).ConfigureAwait(false);
            return default;
        }

        await PageResponse.WriteAsync(request.Http, SignInPages.StartAgain(request)).ConfigureAwait(false);
        return default;
    }

    private static string Tokens(string application, string organization)
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WriteString("app_token", application);
            writer.WriteString("org_token", organization);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(json.ToArray());
    }
}
