namespace Tunnel.Edge.Pages;

/// <summary>Names and values to read, such as who asks for what.</summary>
internal static class PageFacts
{
    public static Html ToHtml(params ReadOnlySpan<(string Name, string Value)> facts)
    {
        var rows = Html.Empty;
        foreach (var (name, value) in facts)
        {
            rows += Html.Of($"<div><dt>{name}</dt><dd>{value}</dd></div>");
        }

        return Html.Of($"<dl>{rows}</dl>");
    }
}
