using System.Management.Automation;
using Tunnel.Core.Api;
using Tunnel.Core.Applications;
using Tunnel.PowerShell.Completion;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.Access;

/// <summary>Gets the service tokens of the account, without their secrets.</summary>
/// <remarks>
/// <para>The secret of a token is told once, by New-AccessServiceToken.</para>
/// </remarks>
/// <example>
/// <para>Tokens that end soon</para>
/// <code>
/// Get-AccessServiceToken | Where-Object ExpiresAt -lt ([DateTimeOffset]::Now.AddDays(30))
/// </code>
/// <para>Shows what has to be replaced within a month.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "AccessServiceToken")]
[OutputType(typeof(AccessServiceToken))]
public sealed class GetAccessServiceToken : AccountCmdlet
{
    /// <summary>Only tokens of this name, id or client id; wildcards work.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ServiceTokenNameCompleter))]
    public string[]? Name { get; set; }

    protected override async Task ProcessItemAsync()
    {
        var filter = new NameFilter(Name);
        var tokens = new ServiceTokenCatalog(Connected.Api, Connected.AccountId);
        await foreach (ServiceToken token in tokens.ListAsync(cancellationToken: StopToken))
        {
            if (filter.Matches([token.Name, token.Id, token.ClientId]))
            {
                WriteObject(AccessServiceToken.From(token));
            }
        }
    }
}
