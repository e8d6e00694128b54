using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Tunnel.Edge.Mail;
using Tunnel.Edge.Pages;
using Tunnel.Edge.Store;
using Tunnel.Edge.Transfers;
using Tunnel.Protocol.Transfers;

namespace Tunnel.Edge.Identity.SignIn;

/// <summary>The sign-in page at the team domain, and the one-time PIN.</summary>
internal sealed class SignInEndpoints(
    SignInFlow flow, SignInStates states, OneTimePins pins, SignInRateLimit limit, OutgoingMail mail,
    TransferStore transfers)
{
    private const string TicketCookie = "__Host-CF_Pin";

    private readonly FormGuard _guard = new("CF_Login");

    /// <summary><c>GET /cdn-cgi/access/login/{hostname}</c>: straight on for who is signed in, else the page.</summary>
    public async Task ShowAsync(AccessRequest request, string hostname)
    {
        var query = request.Http.Request.Query;
        var text = query["meta"].ToString();
        if (states.Read(text) is not { } state)
        {
            await BeginAtApplicationAsync(request, hostname).ConfigureAwait(false);
            return;
        }

        if (state.Hostname != hostname || request.ApplicationOf(state) is not { } application)
        {
            await PageResponse.WriteAsync(request.Http, SignInPages.StartAgain(request)).ConfigureAwait(false);
            return;
        }

        if (query["again"].Count == 0 && await flow.FindSessionAsync(request).ConfigureAwait(false) is { } session
            && LoginMethods.Allows(application, request.Snapshot, session.ProviderId))
        {
            await ContinueAsync(request, state, application, session).ConfigureAwait(false);
            return;
        }

        // Whoever wants to be somebody else, and a program that only looks, are shown the page.
        if (query["again"].Count == 0 && HttpMethods.IsGet(request.Http.Request.Method)
            && LoginMethods.Straight(application, request.Snapshot) is { } only)
        {
            request.Http.Response.Headers.CacheControl = "no-store";
            request.Http.Response.Redirect(SignInPages.ProviderAddress(only, text).ToString());
            return;
        }

        await ShowPageAsync(request, application, text).ConfigureAwait(false);
    }

    /// <summary>The posted address: a PIN is on its way, or not, and nobody can see which.</summary>
    public async Task SendPinAsync(AccessRequest request, string hostname)
    {
        var form = await FormBody.ReadAsync(request.Http).ConfigureAwait(false);
        if (form is null || !_guard.Accepts(request.Http, form) || form[SignInPages.StateField] is not { } text
            || states.Read(text) is not { } state || state.Hostname != hostname || request.ApplicationOf(state) is not { } application
            || LoginMethods.OneTimePin(application, request.Snapshot) is not { } provider)
        {
            await PageResponse.WriteAsync(request.Http, SignInPages.StartAgain(request)).ConfigureAwait(false);
            return;
        }

        if (EmailAddress.Read(form[SignInPages.EmailField]?.Trim()) is not { } email)
        {
            await ShowPageAsync(request, application, text, form[SignInPages.EmailField], "Enter an email address, such as name@example.com.")
                .ConfigureAwait(false);
            return;
        }

        if (!limit.Allows(email, request.Address))
        {
            flow.RecordRefusal(request, application, provider, email, "Too many one-time PINs were asked for.");
            await PageResponse.WriteAsync(request.Http, SignInPages.Message(
                request, 429, "Too many codes", "Too many codes were asked for. Wait ten minutes, and try again.")).ConfigureAwait(false);
            return;
        }

        var pin = pins.Issue(email, state);
        if (flow.Could(request, state, application, SignInOf(request, email, provider)))
        {
            // How long the answer takes must not tell who may get in.
            mail.Post("A one-time PIN", [email], $"Your code for {application.Name}",
                $"{pin.Pin}\r\n\r\nThis code signs you in to {application.Name} at {request.Organization.Name}. It is good for ten minutes, in the browser\r\n" +
                "that asked for it. If that was not you, do nothing: without the code nobody gets in.\r\n");
        }

        request.Http.Response.Cookies.Append(TicketCookie, pin.Ticket, new CookieOptions
        {
            HttpOnly = true, Secure = true, Path = "/", SameSite = SameSiteMode.Strict, MaxAge = TimeSpan.FromMinutes(10), IsEssential = true,
        });
        PageResponse.Redirect(request.Http, PageAddress.Local("/cdn-cgi/access/pin"));
    }

    public async Task ShowPinAsync(AccessRequest request) => await ShowPinAsync(request, error: null).ConfigureAwait(false);

    /// <summary>The posted PIN.</summary>
    public async Task TakePinAsync(AccessRequest request)
    {
        var form = await FormBody.ReadAsync(request.Http).ConfigureAwait(false);
        var ticket = AccessCookies.Read(request.Http.Request, TicketCookie);
        if (form is null || !_guard.Accepts(request.Http, form) || ticket is null || pins.Find(ticket) is not { } asked
            || request.ApplicationOf(asked.State) is not { } application
            || LoginMethods.OneTimePin(application, request.Snapshot) is not { } provider)
        {
            await PageResponse.WriteAsync(request.Http, SignInPages.StartAgain(request)).ConfigureAwait(false);
            return;
        }

        var pin = string.Concat((form[SignInPages.PinField] ?? "").Where(c => !char.IsWhiteSpace(c)));
        if (!pins.Take(ticket, pin))
        {
            flow.RecordFailure(request, asked.Email, application, "wrong one-time PIN");
            flow.RecordRefusal(request, application, provider, asked.Email, "The one-time PIN is wrong.");
            if (pins.Find(ticket) is null)
            {
                await PageResponse.WriteAsync(request.Http, SignInPages.UsedUp(request, Again(asked.State))).ConfigureAwait(false);
                return;
            }

            await ShowPinAsync(request, "That is not the code. Look at the latest message, or have another code sent.").ConfigureAwait(false);
            return;
        }

        request.Http.Response.Cookies.Delete(TicketCookie, new CookieOptions { Secure = true, Path = "/" });
        await FinishAsync(request, asked.State, application, SignInOf(request, asked.Email, provider)).ConfigureAwait(false);
    }

    /// <summary>A person has proven an address: on to the application, or the page that says no.</summary>
    public async Task FinishAsync(AccessRequest request, SignInState state, AccessApplicationRecord application, AccessSignIn signIn)
    {
        var location = await flow.StartAsync(request, state, application, signIn).ConfigureAwait(false) is { } session
            ? await NextAsync(request, state, application, session).ConfigureAwait(false) : null;
        if (location is null)
        {
            TellProgram(state);
            if (application.Settings.DenyAddress is { } elsewhere)
            {
                request.Http.Response.Headers["Refresh"] = "0;url=" + elsewhere.AbsoluteUri;
            }

            await PageResponse.WriteAsync(request.Http, SignInPages.Denied(request, signIn.Email, application, Again(state))).ConfigureAwait(false);
            return;
        }

        // Not a redirect: browsers hold those after a form to the hosts that the form's page lists (CSP form-action), and
        // where the application itself redirects to is not known here.
        request.Http.Response.Headers["Refresh"] = "0;url=" + location;
        await PageResponse.WriteAsync(request.Http, SignInPages.SignedIn(request, signIn.Email, PageAddress.External(new Uri(location))))
            .ConfigureAwait(false);
    }

    /// <summary>To the application, or to the page that asks what for or for an approval; null: not let in.</summary>
    public async Task<string?> NextAsync(
        AccessRequest request, SignInState state, AccessApplicationRecord application, AccessSessionRecord session)
    {
        if (await flow.ContinueAsync(request, state, application, session).ConfigureAwait(false) is { } location)
        {
            return location;
        }

        var (purpose, approval) = await flow.AskingAsync(request, state, application, session).ConfigureAwait(false);
        var page = purpose is not null ? PurposeEndpoints.Path : approval is not null ? ApprovalEndpoints.Path : null;
        return page is null ? null : SignInState.AddressOf(request.Organization.AuthDomain, request.Http.Request.Host.Port)
            + $"{page}?{SignInPages.StateField}={states.Write(state)}";
    }

    /// <summary>
    /// A program that waits for this sign-in learns that it was for nothing, and no more than that. If the person is let in
    /// later, or signs in as somebody else, its next try is given that.
    /// </summary>
    public void TellProgram(SignInState state)
    {
        if (state.Path.Split('?', 2) is [AccessEndpoints.BasePath + "/cli", var query]
            && TransferKey.TryParse(QueryHelpers.ParseQuery(query)["token"].ToString(), out var key))
        {
            transfers.TryCancel(new TransferSlot(key, IsSealed: true));
        }
    }

    private async Task ContinueAsync(
        AccessRequest request, SignInState state, AccessApplicationRecord application, AccessSessionRecord session)
    {
        if ((await NextAsync(request, state, application, session).ConfigureAwait(false)
            ?? application.Settings.DenyAddress?.AbsoluteUri) is { } location)
        {
            request.Http.Response.Headers.CacheControl = "no-store";
            request.Http.Response.Redirect(location);
            return;
        }

        TellProgram(state);
        await PageResponse.WriteAsync(request.Http, SignInPages.Denied(request, session.Email, application, Again(state))).ConfigureAwait(false);
    }


    /// <summary>Somebody opened the address by itself: a sign-in begins at the application, which binds it to the browser.</summary>
    private static async Task BeginAtApplicationAsync(AccessRequest request, string hostname)
    {
        var query = request.Http.Request.Query;
        if (query["kid"].ToString() is { Length: > 0 } audience
            && request.ApplicationOf(new SignInState(hostname, null, audience, "/", "")) is not null)
        {
            var path = query["redirect_url"].ToString() is ['/', ..] given && given.Length < 1500 ? given : "/";
            request.Http.Response.Redirect(SignInState.AddressOf(hostname, request.Http.Request.Host.Port) + new PathString(path.Split('?')[0]));
            return;
        }

        await PageResponse.WriteAsync(request.Http, SignInPages.StartAgain(request)).ConfigureAwait(false);
    }

    private Task ShowPageAsync(
        AccessRequest request, AccessApplicationRecord application, string state, string? email = null, string? error = null) =>
        PageResponse.WriteAsync(request.Http, SignInPages.Login(
            request, application, LoginMethods.Of(application, request.Snapshot), _guard.Issue(request.Http), state, email ?? "", error));

    private async Task ShowPinAsync(AccessRequest request, string? error)
    {
        var page = pins.Find(AccessCookies.Read(request.Http.Request, TicketCookie)) is { } asked
            ? SignInPages.Pin(request, asked.Email, _guard.Issue(request.Http), Again(asked.State), error)
            : SignInPages.StartAgain(request);
        await PageResponse.WriteAsync(request.Http, page).ConfigureAwait(false);
    }

    private PageAddress Again(SignInState state) => PageAddress.Local(
        $"/cdn-cgi/access/login/{state.Hostname}?again=1&kid={state.Audience}&meta={states.Write(state)}");

    private static AccessSignIn SignInOf(AccessRequest request, string email, IdentityProviderRecord provider) => new()
    {
        Email = email,
        ProviderId = provider.Id.ToString("D"),
        ProviderType = provider.Type,
        Address = request.Address.ToString(),
        UserAgent = request.Http.Request.Headers.UserAgent.ToString(),
        Duration = TimeSpan.Zero,
    };
}
