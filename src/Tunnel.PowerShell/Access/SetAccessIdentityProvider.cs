using System.Management.Automation;
using Tunnel.Core.Api;
using Tunnel.Core.Identity;
using Tunnel.PowerShell.Completion;

namespace Tunnel.PowerShell.Access;

/// <summary>Changes an identity provider: only what is given changes.</summary>
/// <remarks>
/// <para>The change holds for the next sign-in; people who are signed in stay so. The client secret is never told, so
/// that it cannot be sent back: where the client id or an address changes, give the secret again with -ClientSecret.</para>
/// </remarks>
/// <example>
/// <para>A client secret was renewed at the provider</para>
/// <code>
/// Set-AccessIdentityProvider Company -ClientSecret (Read-Host -AsSecureString)
/// </code>
/// <para>The next sign-in uses it.</para>
/// </example>
[Cmdlet(VerbsCommon.Set, "AccessIdentityProvider", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(IdentityProvider))]
public sealed class SetAccessIdentityProvider : IdentityProviderSettingsCmdlet
{
    /// <summary>The name or id of the provider.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("Id", "Name")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(IdentityProviderNameCompleter))]
    public string Provider { get; set; } = null!;

    /// <summary>A new name.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? NewName { get; set; }

    protected override object? ErrorTarget => Provider;

    protected override async Task ProcessItemAsync()
    {
        var providers = new IdentityProviderCatalog(Connected.Api, Connected.AccountId);
        IdentityProvider present = await providers.GetAsync(Provider, StopToken);
        if (ShouldProcess(present.ToString(), "Change the identity provider: people may fail to sign in by it"))
        {
            IdentityProvider changed = present with
            {
                Name = NewName ?? present.Name, Config = await SettingsOverAsync(present.Type, present.Config),
            };
            WriteObject(await providers.UpdateAsync(changed, StopToken));
        }
    }
}
