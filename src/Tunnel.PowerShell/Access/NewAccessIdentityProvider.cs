using System.Management.Automation;
using Tunnel.Core.Api;
using Tunnel.Core.Identity;

namespace Tunnel.PowerShell.Access;

/// <summary>Adds an identity provider: a place where people can sign in.</summary>
/// <remarks>
/// <para>At the provider, register the address that is in Config.RedirectUrl of the object that comes back. Applications
/// offer every provider of the account unless they name those that are allowed.</para>
/// <para>A provider of that name that is there already is given back when its settings are the same. Its client secret
/// cannot be compared and stays as it is.</para>
/// <para>-Issuer asks the provider for its addresses (OpenID Connect Discovery). The edge of this module then lets in tokens
/// of that issuer only, and asks userinfo_url for the mail address of people whose token has none. Cloudflare documents
/// neither setting; this was not tried with an account there.</para>
/// <para>azureAD with -Setting @{ support_groups = $true }: people who are in too many groups for a token of Entra are
/// looked up with Microsoft Graph, which they allow with User.Read; where it fails, their groups are not known. This was tried
/// with a stand-in only, not with Entra itself. Groups of Google Workspace are not read.</para>
/// </remarks>
/// <example>
/// <para>Sign in with a company's OpenID Connect provider</para>
/// <code>
/// New-AccessIdentityProvider Company -Type oidc -ClientId tunnel -ClientSecret (Read-Host -AsSecureString) `
///     -AuthUrl https://id.example.com/authorize -TokenUrl https://id.example.com/token `
///     -CertsUrl https://id.example.com/keys -Scope openid, email -Pkce
/// </code>
/// <para>The sign-in page offers Company from now on.</para>
/// </example>
/// <example>
/// <para>The same, with the addresses that the provider tells itself</para>
/// <code>
/// New-AccessIdentityProvider Company -Type oidc -Issuer https://id.example.com `
///     -ClientId tunnel -ClientSecret (Read-Host -AsSecureString) -Pkce
/// </code>
/// <para>Asks https://id.example.com/.well-known/openid-configuration, and takes no other issuer's tokens.</para>
/// </example>
/// <example>
/// <para>Sign in by a PIN that comes by mail</para>
/// <code>
/// New-AccessIdentityProvider 'One-time PIN' -Type onetimepin
/// </code>
/// <para>Needs no other service. An account has at most one of this type.</para>
/// </example>
[Cmdlet(VerbsCommon.New, "AccessIdentityProvider", SupportsShouldProcess = true)]
[OutputType(typeof(IdentityProvider))]
public sealed class NewAccessIdentityProvider : IdentityProviderSettingsCmdlet
{
    /// <summary>As people see it on the sign-in page.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = null!;

    /// <summary>What kind of provider it is.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateSet("onetimepin", "oidc", "github", "google", "google-apps", "okta", "azureAD", "saml", "onelogin", "pingone",
        "centrify", "facebook", "linkedin", "yandex", "cloudflare")]
    public string Type { get; set; } = null!;

    protected override object? ErrorTarget => Name;

    protected override async Task ProcessItemAsync()
    {
        if (!ShouldProcess(Name, $"Let people of {Connected.Name} sign in by {Type}"))
        {
            return;
        }

        (IdentityProvider provider, bool isNew) = await new IdentityProviderCatalog(Connected.Api, Connected.AccountId).EnsureAsync(
            new IdentityProvider { Name = Name, Type = Type, Config = await SettingsOverAsync(Type, new IdentityProviderConfig()) }, StopToken);
        if (!isNew && ClientSecret is not null)
        {
            WriteWarning($"The identity provider '{Name}' was there already; its client secret was not changed. Set-AccessIdentityProvider changes it.");
        }

        WriteObject(provider);
    }
}
