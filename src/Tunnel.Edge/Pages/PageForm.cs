namespace Tunnel.Edge.Pages;

/// <summary>A form that posts. Enter in a field presses its first button.</summary>
/// <param name="Action">Where it is posted to.</param>
/// <param name="Token">From <see cref="FormGuard.Issue"/>.</param>
/// <param name="Fields">Made by <see cref="TextField"/>, <see cref="ChoiceField"/> or <see cref="Html.Of"/>.</param>
/// <param name="Buttons">In the order of the Tab key. At least one.</param>
internal sealed record PageForm(PageAddress Action, string Token, Html Fields, IReadOnlyList<PageButton> Buttons)
{
    /// <summary>The hidden field with the token.</summary>
    public const string TokenField = "form_token";

    /// <summary>What goes with the form and is not shown. The person can read and change it.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Hidden { get; init; } = [];

    public Html ToHtml() => Html.Of(
        $"""
        <form method="post" action="{Action}" novalidate>
        {Input(new(TokenField, Token))}{Html.Join(Hidden.Select(Input))}
        {Fields}
        <div class="buttons">{Html.Join(Buttons.Select(b => b.ToHtml()))}</div>
        </form>
        """);

    private static Html Input(KeyValuePair<string, string> field) =>
        Html.Of($"""<input type="hidden" name="{field.Key}" value="{field.Value}">""");
}
