namespace Tunnel.Edge.Identity.SignIn;

/// <summary>Whom a provider vouches for.</summary>
/// <param name="Claims">What else it says, as <see cref="VisitorFacts"/> reads it.</param>
internal sealed record OidcIdentity(string Email, string? Name, string Claims)
{
    /// <summary>The text in lower case where it is a mail address.</summary>
    /// <remarks>
    /// Some letters beyond ASCII become ASCII in lower case, such as the Kelvin sign: an address with one is another one's, and
    /// must not become that of the person with the plain letter.
    /// </remarks>
    public static string? EmailOf(string? text) => text is { Length: > 2 and <= 254 } && text.Count(c => c == '@') == 1
        && text.All(c => !char.IsControl(c) && !char.IsWhiteSpace(c) && char.IsAscii(c) == char.IsAscii(char.ToLowerInvariant(c)))
            ? text.ToLowerInvariant() : null;
}
