using System.Net;
using System.Text.RegularExpressions;

namespace Tunnel.Testing;

/// <summary>A page that a <see cref="LoginPerson"/> sees.</summary>
public sealed partial record LoginPage(LoginPerson Person, Uri Address, HttpStatusCode Status, string Text)
{
    public string Title => WebUtility.HtmlDecode(Heading().Match(Text).Groups["text"].Value);

    /// <summary>The hidden fields of its first form.</summary>
    public IReadOnlyDictionary<string, string> Hidden => HiddenField().Matches(Text).ToDictionary(
        m => WebUtility.HtmlDecode(m.Groups["name"].Value), m => WebUtility.HtmlDecode(m.Groups["value"].Value));

    /// <summary>Where its first form goes.</summary>
    public Uri Action => new(Address, WebUtility.HtmlDecode(FormAction().Match(Text).Groups["path"].Value));

    /// <summary>Fills in its form and posts it.</summary>
    public Task<LoginPage> PostAsync(params (string Name, string Value)[] fields) =>
        Person.PostAsync(Action, Hidden.Concat(fields.Select(f => KeyValuePair.Create(f.Name, f.Value))));

    [GeneratedRegex("<h1>(?<text>[^<]*)</h1>")]
    private static partial Regex Heading();

    [GeneratedRegex("""<input type="hidden" name="(?<name>[^"]*)" value="(?<value>[^"]*)">""")]
    private static partial Regex HiddenField();

    [GeneratedRegex("""<form method="post" action="(?<path>[^"]*)" """)]
    private static partial Regex FormAction();
}
