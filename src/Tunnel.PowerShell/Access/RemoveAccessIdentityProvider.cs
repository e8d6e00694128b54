using System.Management.Automation;
using Tunnel.Core.Api;
using Tunnel.Core.Identity;
using Tunnel.PowerShell.Completion;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.Access;

/// <summary>Removes an identity provider: nobody signs in by it from now on.</summary>
/// <remarks>
/// <para>Where an application allows no other provider, nobody can sign in to it any more; the question before the
/// removal names those applications. People who are signed in stay so until their sessions end.</para>
/// </remarks>
/// <example>
/// <para>A company's provider is given up</para>
/// <code>
/// Remove-AccessIdentityProvider Company
/// </code>
/// <para>Asks before it does; -Confirm:$false does not.</para>
/// </example>
[Cmdlet(VerbsCommon.Remove, "AccessIdentityProvider", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
public sealed class RemoveAccessIdentityProvider : AccountCmdlet
{
    /// <summary>The name or id of the provider.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id", "Name")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(IdentityProviderNameCompleter))]
    public string Provider { get; set; } = null!;

    protected override object? ErrorTarget => Provider;

    protected override async Task ProcessItemAsync()
    {
        var providers = new IdentityProviderCatalog(Connected.Api, Connected.AccountId);
        IdentityProvider provider = await providers.GetAsync(Provider, StopToken);
        IReadOnlyList<string> dependent = await providers.ListDependentAsync(provider.Id, StopToken);
        string consequence = dependent.Count == 0
            ? string.Empty
            : $": nobody can sign in any more at {string.Join(", ", dependent)}";
        if (ShouldProcess(provider.ToString(), $"Remove the identity provider{consequence}"))
        {
            await providers.RemoveAsync(provider.Id, StopToken);
        }
    }
}
