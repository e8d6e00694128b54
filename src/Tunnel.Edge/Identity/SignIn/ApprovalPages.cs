using System.Globalization;
using Tunnel.Edge.Pages;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Identity.SignIn;

/// <summary>The words of those who ask for an approval, and of those who give it.</summary>
internal static class ApprovalPages
{
    public const string DecisionField = "decision";
    public const string DurationField = "duration";
    public const string Approve = "approve";
    public const string Refuse = "refuse";

    private static readonly PageChoice[] s_durations =
    [
        new("15", "15 minutes"), new("60", "One hour"), new("240", "Four hours"), new("480", "Eight hours"), new("1440", "A day"),
    ];

    /// <summary>Reads one of the durations to choose from.</summary>
    public static bool TryParseDuration(string? text, out TimeSpan duration)
    {
        var choice = s_durations.FirstOrDefault(c => c.Value == text);
        duration = choice is null ? default : TimeSpan.FromMinutes(int.Parse(choice.Value, CultureInfo.InvariantCulture));
        return choice is not null;
    }

    public static string TextOf(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    public static Page Ask(AccessRequest request, AccessApplicationRecord application, ApprovalState state, string token, string text)
    {
        var said = state switch
        {
            ApprovalState.Refused => "Your request was refused. You can ask again.",
            ApprovalState.Over => "Your approval, or the time for it, is over. You can ask again.",
            ApprovalState.Changed => "Who decides about it, or how, has changed since you asked. Ask again.",
            ApprovalState.Impossible => "But too few people are named who could approve it. Ask whoever looks after it.",
            _ => "They are written to when you ask. It is kept on record.",
        };
        var content = Html.Of($"<p>{application.Name} lets you in when somebody has approved it. {said}</p>");
        return new Page("Ask to be let in", state == ApprovalState.Impossible ? content : content + new PageForm(
            PageAddress.Local(ApprovalEndpoints.Path), token, Html.Empty, [new PageButton("Ask for approval")])
        {
            Hidden = [new(SignInPages.StateField, text)],
        }.ToHtml())
        {
            Owner = request.Organization.Name,
            Design = request.Organization.Settings.LoginDesign,
            StatusCode = state == ApprovalState.Impossible ? 403 : 200,
        };
    }

    /// <param name="look">The page itself.</param>
    /// <param name="hold">The page that does not look again by itself; null on that one.</param>
    public static Page Waiting(AccessRequest request, AccessApplicationRecord application, PageAddress look, PageAddress? hold) =>
        new("Waiting for an approval", Html.Of($"""<p role="status">Those who decide about {application.Name} have been written to.</p>""")
            + (hold is { } still
                ? Html.Of($"""<p>This page looks again every 15 seconds, and goes on when you are approved.</p><p class="more"><a href="{look}">Look now</a></p><p class="more"><a href="{still}">Do not look by itself</a></p>""")
                : Html.Of($"""<p class="more"><a href="{look}">Look now, and again every 15 seconds</a></p>""")))
        {
            Owner = request.Organization.Name,
            Design = request.Organization.Settings.LoginDesign,
        };

    /// <summary>For the approver: who asks, and the two buttons.</summary>
    public static Page Decide(AccessRequest request, AccessApplicationRecord application, AccessApproval asked, string token, string? error) =>
        new("Let somebody in?", Facts(application, asked)
            + new PageForm(
                PageAddress.Local($"{ApproverEndpoints.Path}/{asked.Id}"), token,
                new ChoiceField(DurationField, "For how long", s_durations) { Selected = "60", Error = error }.ToHtml(),
                [new PageButton("Approve", DecisionField, Approve), new PageButton("Refuse", DecisionField, Refuse) { IsSecondary = true }]).ToHtml())
        {
            Owner = request.Organization.Name,
            Design = request.Organization.Settings.LoginDesign,
            StatusCode = error is null ? 200 : 400,
            Errors = error is null ? [] : [new PageError(DurationField, error)],
        };

    /// <summary>For the approver: it is approved, by them at least, and can be taken back.</summary>
    public static Page Approved(
        AccessRequest request, AccessApplicationRecord application, AccessApproval asked, string said, string button, string token) =>
        new("Approved", Html.Of($"""<p role="status">{said}</p>""") + Facts(application, asked)
            + new PageForm(
                PageAddress.Local($"{ApproverEndpoints.Path}/{asked.Id}"), token, Html.Empty,
                [new PageButton(button, DecisionField, Refuse) { IsSecondary = true }]).ToHtml())
        {
            Owner = request.Organization.Name,
            Design = request.Organization.Settings.LoginDesign,
        };

    /// <summary>For the approver: there is nothing left to decide.</summary>
    public static Page Decided(AccessRequest request, AccessApplicationRecord application, AccessApproval asked, string said) =>
        new("The request is closed", Html.Of($"""<p role="status">{said}</p>""") + Facts(application, asked))
        {
            Owner = request.Organization.Name,
            Design = request.Organization.Settings.LoginDesign,
        };

    /// <summary>For somebody whom the policy does not name, or who asked themselves.</summary>
    public static Page NotForYou(AccessRequest request, string email, bool isOwn, PageAddress again) =>
        new("You may not decide this", Html.Of(
            $"<p>{(isOwn ? "It is your own request: somebody else has to approve it." : "Others are asked to decide about this request.")}</p>")
            + PageFacts.ToHtml(("You signed in as", email))
            + Html.Of($"""<p class="more"><a href="{again}">Sign in as somebody else</a></p>"""))
        {
            Owner = request.Organization.Name,
            Design = request.Organization.Settings.LoginDesign,
            StatusCode = 403,
        };

    private static Html Facts(AccessApplicationRecord application, AccessApproval asked)
    {
        var from = asked.Country is null ? asked.Address : $"{asked.Address} ({asked.Country})";
        return asked.Purpose is { } purpose
            ? PageFacts.ToHtml(("Who", asked.Email), ("Application", application.Name), ("What for", purpose), ("From", from), ("Asked", TextOf(asked.RequestedAt)))
            : PageFacts.ToHtml(("Who", asked.Email), ("Application", application.Name), ("From", from), ("Asked", TextOf(asked.RequestedAt)));
    }
}
