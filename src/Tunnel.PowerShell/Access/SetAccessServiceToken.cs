using System.Management.Automation;
using Tunnel.Core.Api;

namespace Tunnel.PowerShell.Access;

/// <summary>Changes a service token: only what is given changes, and its secret never does.</summary>
/// <remarks>
/// <para>Policies name a token by its id, so a new name changes nothing for whom it lets in. A token that is not enabled
/// lets nobody in until it is again.</para>
/// </remarks>
/// <example>
/// <para>Stop a machine for a while</para>
/// <code>
/// Set-AccessServiceToken deploy -Enabled $false
/// </code>
/// <para>Whoever shows the token stays out; -Enabled $true lets them in again.</para>
/// </example>
/// <example>
/// <para>Another name and a longer life</para>
/// <code>
/// Set-AccessServiceToken deploy -NewName deploy-berlin -Duration 17520h
/// </code>
/// <para>The new duration counts from now.</para>
/// </example>
[Cmdlet(VerbsCommon.Set, "AccessServiceToken", SupportsShouldProcess = true)]
[OutputType(typeof(AccessServiceToken))]
public sealed class SetAccessServiceToken : ExistingServiceTokenCmdlet
{
    /// <summary>A new name.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? NewName { get; set; }

    /// <summary>How long the token lives from now on, such as 24h or 8760h, or forever.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Duration { get; set; }

    /// <summary>Whether it lets anybody in.</summary>
    [Parameter]
    public bool? Enabled { get; set; }

    protected override async Task ProcessItemAsync()
    {
        ServiceToken token = await FindTokenAsync();
        if (ShouldProcess(token.ToString(), "Change the service token"))
        {
            WriteToken(await Tokens.UpdateAsync(token.Id, NewName, Duration, Enabled, StopToken));
        }
    }
}
