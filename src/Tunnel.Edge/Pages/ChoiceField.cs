namespace Tunnel.Edge.Pages;

/// <summary>One of several, as radio buttons: the arrow keys move between them.</summary>
/// <param name="Name">Its name in the form. The first choice has it as its id.</param>
/// <param name="Legend">What to choose.</param>
/// <param name="Choices">At least one.</param>
internal sealed record ChoiceField(string Name, string Legend, IReadOnlyList<PageChoice> Choices)
{
    /// <summary>The value that is chosen when the page opens; null for none.</summary>
    public string? Selected { get; init; }

    /// <summary>Takes the focus when the page opens. One a page, and none on a page with errors.</summary>
    public bool HasFocus { get; init; }

    /// <summary>What is wrong with it.</summary>
    public string? Error { get; init; }

    public Html ToHtml()
    {
        var error = Error is null ? Html.Empty : Html.Of($"""<p class="wrong" id="{Name}-error">{Error}</p>""");
        var described = Error is null ? Html.Empty : Html.Of($""" aria-describedby="{Name}-error" """);
        return Html.Of(
            $"""
            <fieldset{described}><legend>{Legend}</legend>{error}
            {Html.Join(Choices.Select(ToHtml))}
            </fieldset>
            """);
    }

    private Html ToHtml(PageChoice choice, int index)
    {
        var id = index == 0 ? Name : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Name}-{index}");
        var state = choice.Value == Selected ? Html.Of($" checked") : Html.Empty;
        // The arrow keys start at the one that is chosen; the Tab key goes there too.
        var focus = HasFocus && (Selected is null ? index == 0 : choice.Value == Selected) ? Html.Of($" autofocus") : Html.Empty;
        var detail = choice.Detail is null ? Html.Empty : Html.Of($"""<span class="detail">{choice.Detail}</span>""");
        return Html.Of(
            $"""
            <label class="choice" for="{id}"><input type="radio" id="{id}" name="{Name}" value="{choice.Value}" required{state}{focus}>
            <span>{choice.Label}{detail}</span></label>
            """);
    }
}
