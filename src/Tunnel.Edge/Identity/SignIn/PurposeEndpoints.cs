using Tunnel.Access;
using Tunnel.Edge.Pages;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Identity.SignIn;

/// <summary><c>/purpose</c> at the team domain: a policy wants to know what a person who has signed in comes for.</summary>
internal sealed class PurposeEndpoints(SignInFlow flow, SignInEndpoints login, SignInStates states)
{
    public const string Path = AccessEndpoints.BasePath + "/purpose";

    private const int MaxLength = 500;

    private readonly FormGuard _guard = new("CF_Purpose");

    public async Task ShowAsync(AccessRequest request)
    {
        var text = request.Http.Request.Query[SignInPages.StateField].ToString();
        var page = await FindAsync(request, text).ConfigureAwait(false) is { } asked
            ? Page(request, asked, text, error: null) : SignInPages.StartAgain(request);
        await PageResponse.WriteAsync(request.Http, page).ConfigureAwait(false);
    }

    /// <summary>The posted purpose: it is written down, and the person goes in.</summary>
    public async Task TakeAsync(AccessRequest request)
    {
        var form = await FormBody.ReadAsync(request.Http).ConfigureAwait(false);
        if (form is null || !_guard.Accepts(request.Http, form) || form[SignInPages.StateField] is not { } text
            || await FindAsync(request, text).ConfigureAwait(false) is not { } asked)
        {
            await PageResponse.WriteAsync(request.Http, SignInPages.StartAgain(request)).ConfigureAwait(false);
            return;
        }

        var purpose = string.Join(' ', (form[SignInPages.PurposeField] ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (purpose.Length is 0 or > MaxLength || purpose.Any(char.IsControl))
        {
            await PageResponse.WriteAsync(request.Http, Page(request, asked, text, $"Write a sentence of at most {MaxLength} characters."))
                .ConfigureAwait(false);
            return;
        }

        var told = flow.Tell(request, asked.Application, asked.Session, asked.Policy, purpose);
        if (told is null || await login.NextAsync(request, asked.State, asked.Application, told).ConfigureAwait(false) is not { } location)
        {
            await PageResponse.WriteAsync(request.Http, SignInPages.StartAgain(request)).ConfigureAwait(false);
            return;
        }

        request.Http.Response.Headers["Refresh"] = "0;url=" + location; // as after a sign-in
        await PageResponse.WriteAsync(request.Http, SignInPages.SignedIn(request, told.Email, PageAddress.External(new Uri(location))))
            .ConfigureAwait(false);
    }

    private async Task<Asked?> FindAsync(AccessRequest request, string text) =>
        states.Read(text) is { } state && request.ApplicationOf(state) is { } application
        && await flow.FindSessionAsync(request).ConfigureAwait(false) is { } session
        && LoginMethods.Allows(application, request.Snapshot, session.ProviderId)
        && await flow.AskingAsync(request, state, application, session).ConfigureAwait(false) is { Purpose: { } policy }
            ? new Asked(state, application, session, policy) : null;

    private Page Page(AccessRequest request, Asked asked, string state, string? error) => SignInPages.Purpose(
        request, asked.Application, asked.Application.PolicyRecords.FirstOrDefault(p => p.Id.ToString("D") == asked.Policy.Id)?.PurposePrompt,
        _guard.Issue(request.Http), state, MaxLength, error);

    private sealed record Asked(SignInState State, AccessApplicationRecord Application, AccessSessionRecord Session, AccessPolicy Policy);
}
