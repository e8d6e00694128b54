using Tunnel.Core.Api;
using Tunnel.Core.Applications;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.Access;

/// <summary>A cmdlet on service tokens.</summary>
public abstract class ServiceTokenCmdlet : AccountCmdlet
{
    private protected ServiceTokenCatalog Tokens => new(Connected.Api, Connected.AccountId);

    /// <summary>Writes the token, with a warning when its end is near.</summary>
    private protected void WriteToken(ServiceToken token)
    {
        if (Tokens.Warning(token) is { } warning)
        {
            WriteWarning(warning);
        }

        WriteObject(AccessServiceToken.From(token, Tokens.Expiry(token)));
    }
}
