using Tunnel.Edge.Pages;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Identity.SignIn;

/// <summary>The words of a sign-in.</summary>
internal static class SignInPages
{
    public const string EmailField = "email";
    public const string PinField = "code";
    public const string StateField = "state";
    public const string PurposeField = "purpose";

    public static Page Login(
        AccessRequest request, AccessApplicationRecord application, IReadOnlyList<IdentityProviderRecord> providers, string token,
        string state, string email = "", string? error = null)
    {
        var content = Html.Of($"<p><strong>{request.Http.Request.Path.Value!.Split('/')[^1]}</strong> asks who you are.</p>");
        var elsewhere = providers.Where(p => ProviderKinds.IsElsewhere(p.Type)).ToList();
        if (elsewhere.Count > 0)
        {
            content += Html.Of($"""<ul class="ways">{Html.Join(elsewhere.Select(p => Way(p, state)))}</ul>""");
        }

        if (providers.Any(p => p.Type == IdentityProviderRecord.OneTimePinType))
        {
            // Whoever has a choice begins at its first: the focus is not to skip it.
            content += (elsewhere.Count > 0 ? Html.Of($"""<p class="or"><span>or</span></p>""") : Html.Empty)
                + EmailForm(request, token, state, email, error, hasFocus: elsewhere.Count == 0);
        }

        var missing = providers.Where(p => !ProviderKinds.IsServed(p.Type)).ToList();
        if (missing.Count == providers.Count)
        {
            content += Html.Of($"<p>But no way to sign in is set up that works here. Ask whoever looks after it.</p>");
        }

        foreach (var provider in missing)
        {
            content += Html.Of($"""<p class="hint">{provider.Name} ({provider.Type}) cannot be used here.</p>""");
        }

        return new Page($"Sign in to {application.Name}", content)
        {
            Owner = request.Organization.Name,
            Design = request.Organization.Settings.LoginDesign,
            StatusCode = error is null ? 200 : 400,
            Errors = error is null ? [] : [new PageError(EmailField, error)],
        };
    }

    private static Html Way(IdentityProviderRecord provider, string state) =>
        Html.Of($"""<li><a class="button" href="{ProviderAddress(provider, state)}">Sign in with {provider.Name}</a></li>""");

    private static Html EmailForm(AccessRequest request, string token, string state, string email, string? error, bool hasFocus) =>
        new PageForm(
            PageAddress.Local(request.Http.Request.Path.Value!), token,
            new TextField(EmailField, "Your email address")
            {
                Type = "email", AutoComplete = "email", InputMode = "email", MaxLength = 254, Value = email,
                HasFocus = error is null && hasFocus, Hint = "A code of six digits is sent there.", Error = error,
            }.ToHtml(),
            [new PageButton("Send me a code")])
        { Hidden = [new(StateField, state)] }.ToHtml();

    public static Page Pin(AccessRequest request, string email, string token, PageAddress again, string? error = null) =>
        new("Enter the code", Html.Of($"<p>A code is on its way to <strong>{email}</strong>, if that address may get in. It is good for ten minutes, in this browser.</p>")
            + new PageForm(
                PageAddress.Local("/cdn-cgi/access/pin"), token,
                new TextField(PinField, "Code of six digits")
                {
                    AutoComplete = "one-time-code", InputMode = "numeric", MaxLength = 16, HasFocus = error is null, Error = error, IsCode = true,
                }.ToHtml(),
                [new PageButton("Sign in")]).ToHtml()
            + Html.Of($"""<p class="more"><a href="{again}">Use another address, or have another code sent</a></p>"""))
        {
            Owner = request.Organization.Name,
            Design = request.Organization.Settings.LoginDesign,
            StatusCode = error is null ? 200 : 403,
            Errors = error is null ? [] : [new PageError(PinField, error)],
        };

    public static Page Purpose(
        AccessRequest request, AccessApplicationRecord application, string? prompt, string token, string state, int maxLength, string? error) =>
        new("What do you come for?", Html.Of($"<p>{prompt ?? $"{application.Name} wants to know before you go in."} It is kept on record.</p>")
            + new PageForm(
                PageAddress.Local(PurposeEndpoints.Path), token,
                new TextField(PurposeField, "Your purpose") { MaxLength = maxLength, HasFocus = error is null, Error = error }.ToHtml(),
                [new PageButton("Go in")])
            { Hidden = [new(StateField, state)] }.ToHtml())
        {
            Owner = request.Organization.Name,
            Design = request.Organization.Settings.LoginDesign,
            StatusCode = error is null ? 200 : 400,
            Errors = error is null ? [] : [new PageError(PurposeField, error)],
        };

    public static Page SignedIn(AccessRequest request, string email, PageAddress next) =>
        new("You are signed in", Html.Of(
            $"""<p role="status">You are {email}, and are taken to where you wanted to go.</p><p class="more"><a href="{next}">Go on, if nothing happens</a></p>"""))
        {
            Owner = request.Organization.Name,
            Design = request.Organization.Settings.LoginDesign,
        };

    public static Page Denied(AccessRequest request, string email, AccessApplicationRecord application, PageAddress again) =>
        new("You may not go in", Html.Of(
            $"""<p>{application.Settings.DenyMessage ?? $"{application.Name} does not let you in. Ask whoever looks after it."}</p>""")
            + PageFacts.ToHtml(("You signed in as", email))
            + Html.Of($"""<p class="more"><a href="{again}">Sign in as somebody else</a></p>"""))
        {
            Owner = request.Organization.Name,
            Design = request.Organization.Settings.LoginDesign,
            StatusCode = 403,
        };

    public static Page SignedOut(AccessRequest request) => new("You are signed out", Html.Of(
        $"""<p role="status">In every application of {request.Organization.Name}. What you had open by this sign-in is closed.</p>"""))
    {
        Owner = request.Organization.Name,
        Design = request.Organization.Settings.LoginDesign,
    };

    public static Page Grant(AccessRequest request, AccessSessionRecord session, AccessApplicationRecord application, string token, PageAddress action) =>
        new("Let a program in?", Html.Of($"<p>A program on a computer waits to reach this application in your name.</p>")
            + (application.Name == request.Hostname ? PageFacts.ToHtml(("Application", application.Name), ("You", session.Email))
                : PageFacts.ToHtml(("Application", application.Name), ("Host", request.Hostname), ("You", session.Email)))
            + Html.Of($"<p>Go on only if you have just started it yourself.</p>")
            + new PageForm(action, token, Html.Empty,
                [new PageButton("Let it in", "decision", "allow"), new PageButton("No", "decision", "deny") { IsSecondary = true }]).ToHtml())
        {
            Owner = request.Organization.Name,
            Design = request.Organization.Settings.LoginDesign,
        };

    public static Page Message(AccessRequest request, int status, string title, string text) =>
        Message(request.Organization, status, title, text);

    /// <summary>For whom no sign-in helps.</summary>
    public static Page Refused(OrganizationRecord organization, int status, string text) =>
        Message(organization, status, "You may not go in", text);

    /// <summary>For a form or an address that is too old, or was not made here.</summary>
    public static Page StartAgain(AccessRequest request) => Message(
        request, 400, "Start again", "This sign-in is over, or was not started in this browser. Go to the application's address again.");

    /// <summary>For a PIN that was guessed at too often.</summary>
    public static Page UsedUp(AccessRequest request, PageAddress again) => new("Too many wrong codes", Html.Of(
        $"""<p>The code that was sent is good no more. Have another one sent.</p><p class="more"><a href="{again}">Have another code sent</a></p>"""))
    {
        Owner = request.Organization.Name, Design = request.Organization.Settings.LoginDesign, StatusCode = 403,
    };

    /// <summary>Where a sign-in by the provider begins.</summary>
    public static PageAddress ProviderAddress(IdentityProviderRecord provider, string state) =>
        PageAddress.Local($"/cdn-cgi/access/oidc/{provider.Id:D}?state={state}");

    private static Page Message(OrganizationRecord organization, int status, string title, string text) =>
        new(title, Html.Of($"<p>{text}</p>"))
        {
            Owner = organization.Name, Design = organization.Settings.LoginDesign, StatusCode = status,
        };
}
