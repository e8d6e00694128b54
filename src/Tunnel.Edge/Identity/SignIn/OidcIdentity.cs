namespace Tunnel.Edge.Identity.SignIn;

/// <summary>Whom a provider vouches for.</summary>
/// <param name="Claims">What else it says, as <see cref="VisitorFacts"/> reads it.</param>
internal sealed record OidcIdentity(string Email, string? Name, string Claims)
{
    /// <summary>The text where it is a mail address.</summary>
    public static string? EmailOf(string? text) => text is { Length: > 2 and <= 254 } && text.Count(c => c == '@') == 1 ? text : null;
}
