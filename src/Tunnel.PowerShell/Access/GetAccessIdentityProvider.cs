using System.Management.Automation;
using Tunnel.Core.Api;
using Tunnel.Core.Identity;
using Tunnel.PowerShell.Completion;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.Access;

/// <summary>Gets where people can sign in: the identity providers of the account.</summary>
/// <remarks>
/// <para>Client secrets are never told. The address in Config.RedirectUrl is what has to be registered at the provider.</para>
/// </remarks>
/// <example>
/// <para>Where can people sign in?</para>
/// <code>
/// Get-AccessIdentityProvider
/// </code>
/// <para>Shows every provider with its type.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "AccessIdentityProvider")]
[OutputType(typeof(IdentityProvider))]
public sealed class GetAccessIdentityProvider : AccountCmdlet
{
    /// <summary>Only providers of this name, id or type; wildcards work.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(IdentityProviderNameCompleter))]
    public string[]? Name { get; set; }

    protected override async Task ProcessItemAsync()
    {
        var filter = new NameFilter(Name);
        var providers = new IdentityProviderCatalog(Connected.Api, Connected.AccountId);
        await foreach (IdentityProvider provider in providers.ListAsync(cancellationToken: StopToken))
        {
            if (filter.Matches([provider.Name, provider.Id, provider.Type]))
            {
                WriteObject(provider);
            }
        }
    }
}
