namespace Tunnel.Edge.Pages;

/// <summary>The frame around every page: one heading, landmarks, the list of errors, no script.</summary>
internal static class PageLayout
{
    public static Html Render(Page page)
    {
        ArgumentNullException.ThrowIfNull(page);
        var prefix = page.Errors.Count == 0 ? "" : "Error: ";
        return Html.Of(
            $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="robots" content="noindex">
            <link rel="icon" href="data:,">
            <title>{prefix}{page.Title} - {page.Owner}</title>
            <style>{PageStyle.Element}</style>{OwnStyle(page)}
            </head>
            <body>
            <header>{Logo(page)}<p>{page.Design?.HeaderText ?? page.Owner}</p></header>
            <main>
            <h1>{page.Title}</h1>
            {Errors(page.Errors)}
            {page.Content}
            </main>{Footer(page)}
            </body>
            </html>

            """);
    }

    private static Html OwnStyle(Page page) => PageStyle.Of(page.Design) is { IsEmpty: false } own
        ? Html.Of($"<style>{own}</style>") : Html.Empty;

    // Says nothing that the words beside it do not say.
    private static Html Logo(Page page) => page.Design?.Logo is { } logo
        ? Html.Of($"""<img src="{PageAddress.External(logo)}" alt="">""") : Html.Empty;

    private static Html Footer(Page page) => page.Design?.FooterText is { } text
        ? Html.Of($"\n<footer><p>{text}</p></footer>") : Html.Empty;

    /// <summary>
    /// Has the focus when the page opens, so that a screen reader reads it first and the next Tab is at its first link.
    /// </summary>
    private static Html Errors(IReadOnlyList<PageError> errors) => errors.Count == 0
        ? Html.Empty
        : Html.Of(
            $"""
            <section class="errors" role="alert" aria-labelledby="errors-heading" tabindex="-1" autofocus>
            <h2 id="errors-heading">That did not work</h2>
            <ul>{Html.Join(errors.Select(Error))}</ul>
            </section>
            """);

    private static Html Error(PageError error) => error.Field is null
        ? Html.Of($"<li>{error.Message}</li>")
        : Html.Of($"""<li><a href="#{error.Field}">{error.Message}</a></li>""");
}
