using System.Text.Json;
using System.Text.RegularExpressions;

namespace Tunnel.Edge.Store;

/// <summary>What an organisation gives its pages: words above and below, a logo, colours around.</summary>
public sealed partial record LoginDesign
{
    /// <summary>Stands above each page; null for the organisation's name.</summary>
    public string? HeaderText { get; private init; }

    /// <summary>Stands below each page.</summary>
    public string? FooterText { get; private init; }

    /// <summary>A picture's HTTPS address.</summary>
    public Uri? Logo { get; private init; }

    /// <summary>Behind the page, such as <c>#f0f4ff</c>.</summary>
    public string? BackgroundColor { get; private init; }

    /// <summary>Of the words above and below.</summary>
    public string? TextColor { get; private init; }

    /// <summary>Whether a text is a colour and nothing more: it becomes a part of a style sheet.</summary>
    public static bool IsColor(string text) => ColorPattern().IsMatch(text);

    /// <summary>A logo's address; null for every other text.</summary>
    public static Uri? LogoAddress(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps ? address : null;

    /// <summary>Reads <c>login_design</c>; null when it holds nothing.</summary>
    public static LoginDesign? Read(JsonElement design)
    {
        if (design.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var read = new LoginDesign
        {
            HeaderText = Text(design, "header_text"),
            FooterText = Text(design, "footer_text"),
            Logo = LogoAddress(Text(design, "logo_path")),
            BackgroundColor = Text(design, "background_color") is { } back && IsColor(back) ? back : null,
            TextColor = Text(design, "text_color") is { } text && IsColor(text) ? text : null,
        };
        return read == new LoginDesign() ? null : read;
    }

    private static string? Text(JsonElement design, string name) =>
        design.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
        && value.GetString() is { Length: > 0 } text && !string.IsNullOrWhiteSpace(text) ? text : null;

    [GeneratedRegex(@"\A#([0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})\z", RegexOptions.CultureInvariant)]
    private static partial Regex ColorPattern();
}
