using System.Collections;
using System.Management.Automation;
using System.Net;
using System.Security;
using Tunnel.Core.Api;
using Tunnel.Core.Identity;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.Access;

/// <summary>A cmdlet that takes the settings of an identity provider.</summary>
public abstract class IdentityProviderSettingsCmdlet : AccountCmdlet
{
    /// <summary>The client id that the provider gave.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ClientId { get; set; }

    /// <summary>The client secret that the provider gave; for instance from Read-Host -AsSecureString.</summary>
    [Parameter]
    [ValidateNotNull]
    public SecureString? ClientSecret { get; set; }

    /// <summary>OIDC: the provider's issuer, such as https://id.example.com. It is asked for its addresses, those that are given besides win, and tokens have to name it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Issuer { get; set; }

    /// <summary>OIDC: the provider's authorization_endpoint.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? AuthUrl { get; set; }

    /// <summary>OIDC: the provider's token_endpoint.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? TokenUrl { get; set; }

    /// <summary>OIDC: the provider's jwks_uri.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? CertsUrl { get; set; }

    /// <summary>OIDC: the scopes to ask for, such as openid, email, profile.</summary>
    [Parameter]
    public string[]? Scope { get; set; }

    /// <summary>Claims of the provider's token that policies are to see.</summary>
    [Parameter]
    public string[]? Claim { get; set; }

    /// <summary>The claim that holds the mail address. Default: email.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? EmailClaim { get; set; }

    /// <summary>Whether the sign-in proves with PKCE that it is the one that began.</summary>
    [Parameter]
    public SwitchParameter Pkce { get; set; }

    /// <summary>Other settings by the API's names, such as @{ okta_account = 'https://example.okta.com' } or @{ directory_id = '...' }.</summary>
    [Parameter]
    [ValidateNotNull]
    public Hashtable? Setting { get; set; }

    /// <summary>What was given, over what the issuer tells, over what is there.</summary>
    private protected async Task<IdentityProviderConfig> SettingsOverAsync(string? type, IdentityProviderConfig present)
    {
        if (Issuer is null)
        {
            return Over(present);
        }

        using var discovery = new OpenIdDiscovery();
        return Over(await discovery.FillAsync(type, Issuer, present, StopToken));
    }

    private IdentityProviderConfig Over(IdentityProviderConfig present)
    {
        IDictionary<string, System.Text.Json.JsonElement> given = IdentityProviderSettings.Read(Settings());
        return present with
        {
            ClientId = ClientId ?? present.ClientId,
            ClientSecret = ClientSecret is null ? null : new NetworkCredential(string.Empty, ClientSecret).Password,
            AuthUrl = AuthUrl ?? present.AuthUrl,
            TokenUrl = TokenUrl ?? present.TokenUrl,
            CertsUrl = CertsUrl ?? present.CertsUrl,
            Scopes = Scope ?? present.Scopes,
            Claims = Claim ?? present.Claims,
            EmailClaimName = EmailClaim ?? present.EmailClaimName,
            PkceEnabled = MyInvocation.BoundParameters.ContainsKey(nameof(Pkce)) ? Pkce.IsPresent : present.PkceEnabled,
            Other = given.Concat((present.Other ?? new Dictionary<string, System.Text.Json.JsonElement>()).Where(p => !given.ContainsKey(p.Key)))
                .ToDictionary(p => p.Key, p => p.Value),
        };
    }

    private IEnumerable<KeyValuePair<string, object?>> Settings() => (Setting ?? []).Cast<DictionaryEntry>()
        .Select(s => new KeyValuePair<string, object?>(s.Key.ToString()!, s.Value is PSObject wrapped ? wrapped.BaseObject : s.Value));
}
