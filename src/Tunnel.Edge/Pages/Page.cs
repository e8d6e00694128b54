using Tunnel.Edge.Store;

namespace Tunnel.Edge.Pages;

/// <summary>A page for people. <see cref="PageResponse"/> sends it.</summary>
/// <param name="Title">The browser's title and the page's only first heading.</param>
/// <param name="Content">What stands under the heading.</param>
internal sealed record Page(string Title, Html Content)
{
    public int StatusCode { get; init; } = 200;

    /// <summary>What was wrong with the form; listed on top, with the focus, each linked to its field.</summary>
    public IReadOnlyList<PageError> Errors { get; init; } = [];

    /// <summary>Whose page this is; stands above the heading, such as the organisation's name.</summary>
    public string Owner { get; init; } = "Tunnel";

    /// <summary>What its owner wants it to look like; null for the edge's own look.</summary>
    public LoginDesign? Design { get; init; }

    /// <summary>
    /// Origins other than this host's that a form of this page may end at, redirects included, such as
    /// <c>https://idp.example.com</c>: browsers block all others.
    /// </summary>
    public IReadOnlyList<string> FormTargets { get; init; } = [];
}
