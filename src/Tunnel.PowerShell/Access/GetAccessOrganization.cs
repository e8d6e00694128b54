using System.Management.Automation;
using Tunnel.Core.Api;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.Access;

/// <summary>Gets the organisation of the account: its team domain and how its sign-in behaves.</summary>
/// <example>
/// <para>Where do people sign in?</para>
/// <code>
/// (Get-AccessOrganization).AuthDomain
/// </code>
/// <para>Shows the host of the sign-in page.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "AccessOrganization")]
[OutputType(typeof(AccessOrganization))]
public sealed class GetAccessOrganization : AccountCmdlet
{
    protected override async Task ProcessItemAsync() =>
        WriteObject(await Connected.Api.Organization.GetAsync(Connected.AccountId, StopToken));
}
