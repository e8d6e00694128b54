using Tunnel.Edge.Store;

namespace Tunnel.Edge.Identity.SignIn;

/// <summary>The identity providers that an application lets its visitors sign in by.</summary>
internal static class LoginMethods
{
    public const string Oidc = "oidc";

    public static IReadOnlyList<IdentityProviderRecord> Of(AccessApplicationRecord application, GatewaySnapshot snapshot)
    {
        var allowed = application.Settings.AllowedIdentityProviders;
        return [.. snapshot.IdentityProviders.Where(provider => allowed.Count == 0
            || allowed.Contains(provider.Id.ToString("D"), StringComparer.OrdinalIgnoreCase))];
    }

    /// <summary>The provider that mails PINs, if the application lets people sign in by it.</summary>
    public static IdentityProviderRecord? OneTimePin(AccessApplicationRecord application, GatewaySnapshot snapshot) =>
        Of(application, snapshot).FirstOrDefault(provider => provider.Type == IdentityProviderRecord.OneTimePinType);

    /// <summary>The provider to go to without a page to choose from: the only one, where that is wanted.</summary>
    public static IdentityProviderRecord? Straight(AccessApplicationRecord application, GatewaySnapshot snapshot) =>
        (application.Settings.AutoRedirectToIdentity || snapshot.Organization.Settings.AutoRedirectToIdentity)
        && Of(application, snapshot) is [var only] && ProviderKinds.IsElsewhere(only.Type) ? only : null;

    /// <summary>Whether a session by that provider may open the application without another sign-in.</summary>
    public static bool Allows(AccessApplicationRecord application, GatewaySnapshot snapshot, string providerId) =>
        Guid.TryParse(providerId, out var id) && Of(application, snapshot).Any(provider => provider.Id == id);
}
