using System.Text.Encodings.Web;

namespace Tunnel.Edge.Pages;

/// <summary>
/// A piece of HTML that is right by construction: it comes from literals in the program's own text, and whatever is put
/// between them is encoded. There is no way to turn a string that came from somewhere else into one unencoded.
/// </summary>
/// <example><code>
/// Html paragraph = Html.Of($"&lt;p&gt;Signed in as {email}.&lt;/p&gt;"); // the address is encoded
/// </code></example>
internal readonly struct Html
{
    private readonly string? _text;

    private Html(string text) => _text = text;

    public static Html Empty => default;

    public bool IsEmpty => string.IsNullOrEmpty(_text);

    /// <summary>Literals as they are, holes encoded: strings and numbers as text, <see cref="Html"/> as it is.</summary>
    /// <remarks>Attribute values stand in double quotes, always; addresses come from <see cref="PageAddress"/>.</remarks>
    public static Html Of(HtmlTemplate template) => new(template.ToString());

    /// <summary>Text, encoded.</summary>
    public static Html Text(string text) => new(HtmlEncoder.Default.Encode(text));

    public static Html Join(IEnumerable<Html> parts) => new(string.Concat(parts));

    public static Html operator +(Html left, Html right) => new(left.ToString() + right);

    public override string ToString() => _text ?? "";
}
