namespace Tunnel.Edge.Pages;

/// <summary>A field of one line, with its label above it.</summary>
/// <param name="Name">Its name in the form, and its id.</param>
/// <param name="Label">What to write there.</param>
internal sealed record TextField(string Name, string Label)
{
    /// <summary>The kind of text: text, password, email, tel, url.</summary>
    public string Type { get; init; } = "text";

    public string Value { get; init; } = "";

    /// <summary>Stands under the label and is read with it.</summary>
    public string? Hint { get; init; }

    /// <summary>What the browser may fill in, such as <c>email</c>, <c>one-time-code</c>, <c>off</c>.</summary>
    public string AutoComplete { get; init; } = "off";

    /// <summary>The keyboard that a telephone shows, such as <c>numeric</c>.</summary>
    public string InputMode { get; init; } = "text";

    public int MaxLength { get; init; } = 256;

    /// <summary>Takes the focus when the page opens. One a page, and none on a page with errors.</summary>
    public bool HasFocus { get; init; }

    /// <summary>A few digits that are read one by one: drawn large and apart.</summary>
    public bool IsCode { get; init; }

    public bool IsRequired { get; init; } = true;

    /// <summary>What is wrong with it.</summary>
    public string? Error { get; init; }

    public Html ToHtml()
    {
        var hint = Hint is null ? Html.Empty : Html.Of($"""<p class="hint" id="{Name}-hint">{Hint}</p>""");
        var error = Error is null ? Html.Empty : Html.Of($"""<p class="wrong" id="{Name}-error">{Error}</p>""");
        var description = string.Join(' ', ((string?[])[Hint is null ? null : $"{Name}-hint", Error is null ? null : $"{Name}-error"])
            .Where(id => id is not null));
        var described = description.Length == 0 ? Html.Empty : Html.Of($""" aria-describedby="{description}" """);
        var state = Error is null ? Html.Empty : Html.Of($""" aria-invalid="true" """);
        var required = IsRequired ? Html.Of($" required") : Html.Empty;
        var focus = HasFocus ? Html.Of($" autofocus") : Html.Empty;
        var look = IsCode ? Html.Of($""" class="code" """) : Html.Empty;
        return Html.Of(
            $"""
            <div class="field">
            <label for="{Name}">{Label}</label>{hint}{error}
            <input id="{Name}" name="{Name}" type="{Type}" value="{Value}" autocomplete="{AutoComplete}" inputmode="{InputMode}" maxlength="{MaxLength}" autocapitalize="none" spellcheck="false"{look}{described}{state}{required}{focus}>
            </div>
            """);
    }
}
