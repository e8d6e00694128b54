using Tunnel.Edge.Pages;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Identity.SignIn;

/// <summary>The words of a sign-in.</summary>
internal static class SignInPages
{
    public const string EmailField = "email";
    public const string PinField = "code";
    public const string StateField = "state";

    public static Page Login(
        AccessRequest request, AccessApplicationRecord application, IReadOnlyList<IdentityProviderRecord> providers, string token,
        string state, string email = "", string? error = null)
    {
        var content = Html.Of($"<p>{application.Name} at <strong>{request.Http.Request.Path.Value!.Split('/')[^1]}</strong> asks who you are.</p>");
        foreach (var provider in providers.Where(p => p.Type == LoginMethods.Oidc))
        {
            content += Html.Of($"""<p><a href="{OidcAddress(provider, state)}">Sign in with {provider.Name}</a></p>""");
        }

        if (providers.Any(p => p.Type == IdentityProviderRecord.OneTimePinType))
        {
            content += new PageForm(
                PageAddress.Local(request.Http.Request.Path.Value!), token,
                new TextField(EmailField, "Your email address")
                {
                    Type = "email", AutoComplete = "email", InputMode = "email", MaxLength = 254, Value = email, HasFocus = error is null,
                    Hint = "You are sent a code of six digits.", Error = error,
                }.ToHtml(),
                [new PageButton("Send me a code")])
            { Hidden = [new(StateField, state)] }.ToHtml();
        }

        return new Page($"Sign in to {application.Name}", content)
        {
            Owner = request.Organization.Name,
            Design = request.Organization.Settings.LoginDesign,
            StatusCode = error is null ? 200 : 400,
            Errors = error is null ? [] : [new PageError(EmailField, error)],
        };
    }

    public static Page Pin(AccessRequest request, string email, string token, PageAddress again, string? error = null) =>
        new("Enter the code", Html.Of($"<p>If {email} may get in, a code is on its way there. It is good for ten minutes.</p>")
            + new PageForm(
                PageAddress.Local("/cdn-cgi/access/pin"), token,
                new TextField(PinField, "Code of six digits")
                {
                    AutoComplete = "one-time-code", InputMode = "numeric", MaxLength = 16, HasFocus = error is null, Error = error,
                }.ToHtml(),
                [new PageButton("Sign in")]).ToHtml()
            + Html.Of($"""<p><a href="{again}">Send another code</a></p>"""))
        {
            Owner = request.Organization.Name,
            Design = request.Organization.Settings.LoginDesign,
            StatusCode = error is null ? 200 : 403,
            Errors = error is null ? [] : [new PageError(PinField, error)],
        };

    public static Page SignedIn(AccessRequest request, string email, PageAddress next) =>
        new("You are signed in", Html.Of($"""<p>As {email}. <a href="{next}">Go on</a></p>"""))
        {
            Owner = request.Organization.Name,
            Design = request.Organization.Settings.LoginDesign,
        };

    public static Page Denied(AccessRequest request, string email, AccessApplicationRecord application, PageAddress again) =>
        new("You may not go in", Html.Of(
            $"""
            <p>{application.Settings.DenyMessage ?? $"{application.Name} does not let you in. Ask whoever looks after it."}</p>
            <p>You signed in as {email}.</p>
            <p><a href="{again}">Sign in as somebody else</a></p>
            """))
        {
            Owner = request.Organization.Name,
            Design = request.Organization.Settings.LoginDesign,
            StatusCode = 403,
        };

    public static Page SignedOut(AccessRequest request) => new("You are signed out", Html.Of(
        $"<p>Of every application of {request.Organization.Name}, in this browser. What you had open is closed.</p>"))
    {
        Owner = request.Organization.Name,
        Design = request.Organization.Settings.LoginDesign,
    };

    public static Page Grant(AccessRequest request, AccessSessionRecord session, AccessApplicationRecord application, string token, PageAddress action) =>
        new("Let a program in?", PageFacts.ToHtml(("Application", application.Name), ("Host", request.Hostname), ("You", session.Email))
            + Html.Of($"<p>A program on a computer waits to reach this application in your name. Go on only if you started it yourself.</p>")
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

    /// <summary>Where a sign-in by the provider begins.</summary>
    public static PageAddress OidcAddress(IdentityProviderRecord provider, string state) =>
        PageAddress.Local($"/cdn-cgi/access/oidc/{provider.Id:D}?state={state}");

    private static Page Message(OrganizationRecord organization, int status, string title, string text) =>
        new(title, Html.Of($"<p>{text}</p>"))
        {
            Owner = organization.Name, Design = organization.Settings.LoginDesign, StatusCode = status,
        };
}
