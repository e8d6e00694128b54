namespace Tunnel.Edge.Pages;

/// <summary>A button of a form.</summary>
/// <param name="Label">What it does, as a verb.</param>
/// <param name="Name">Sent with <paramref name="Value"/> when this one is pressed; null for nothing.</param>
internal sealed record PageButton(string Label, string? Name = null, string? Value = null)
{
    /// <summary>Not what most people want here: drawn without a fill.</summary>
    public bool IsSecondary { get; init; }

    public Html ToHtml()
    {
        var kind = IsSecondary ? Html.Of($""" class="secondary" """) : Html.Empty;
        var value = Name is null ? Html.Empty : Html.Of($""" name="{Name}" value="{Value}" """);
        return Html.Of($"""<button type="submit"{kind}{value}>{Label}</button>""");
    }
}
