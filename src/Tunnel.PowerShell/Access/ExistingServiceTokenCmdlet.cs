using System.Management.Automation;
using Tunnel.Core.Api;
using Tunnel.PowerShell.Completion;

namespace Tunnel.PowerShell.Access;

/// <summary>A cmdlet on one service token that is there.</summary>
public abstract class ExistingServiceTokenCmdlet : ServiceTokenCmdlet
{
    /// <summary>The name, id or client id of the token.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id", "Name")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ServiceTokenNameCompleter))]
    public string Token { get; set; } = null!;

    protected override object? ErrorTarget => Token;

    private protected Task<ServiceToken> FindTokenAsync() => Tokens.GetAsync(Token, StopToken);
}
