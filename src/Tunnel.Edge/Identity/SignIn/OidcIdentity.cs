namespace Tunnel.Edge.Identity.SignIn;

/// <summary>Whom a provider vouches for.</summary>
/// <param name="Claims">What else it says, as <see cref="VisitorFacts"/> reads it.</param>
internal sealed record OidcIdentity(string Email, string? Name, string Claims);
