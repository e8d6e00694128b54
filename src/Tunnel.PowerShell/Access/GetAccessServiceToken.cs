using System.Management.Automation;
using Tunnel.Core.Api;
using Tunnel.PowerShell.Completion;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.Access;

/// <summary>Gets the service tokens of the account, without their secrets.</summary>
/// <remarks>
/// <para>The secret of a token is told once, by New-AccessServiceToken or Reset-AccessServiceToken. A token that has
/// expired, or will within a month (a short-lived one: within the last tenth of its life), comes with a warning.</para>
/// </remarks>
/// <example>
/// <para>Tokens that end soon</para>
/// <code>
/// Get-AccessServiceToken | Where-Object State -eq ExpiresSoon | Update-AccessServiceToken
/// </code>
/// <para>Lets those that end soon live for another whole duration.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "AccessServiceToken")]
[OutputType(typeof(AccessServiceToken))]
public sealed class GetAccessServiceToken : ServiceTokenCmdlet
{
    /// <summary>Only tokens of this name, id or client id; wildcards work.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ServiceTokenNameCompleter))]
    public string[]? Name { get; set; }

    protected override async Task ProcessItemAsync()
    {
        var filter = new NameFilter(Name);
        await foreach (ServiceToken token in Tokens.ListAsync(cancellationToken: StopToken))
        {
            if (filter.Matches([token.Name, token.Id, token.ClientId]))
            {
                WriteToken(token);
            }
        }
    }
}
