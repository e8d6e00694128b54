using System.Management.Automation;
using Tunnel.Core.Api;

namespace Tunnel.PowerShell.Access;

/// <summary>Gives a service token a new secret, and tells it once.</summary>
/// <remarks>
/// <para>Machines that show the old secret stay out at once, unless -GracePeriod gives them time to be given the new
/// one. The client id and the policies that name the token stay as they are.</para>
/// <para>The new secret is on the object as a SecureString, for Register-SshHost -ServiceToken, and as
/// $token.ToCredential().GetNetworkCredential().Password for whatever needs it as text.</para>
/// </remarks>
/// <example>
/// <para>A secret may have been seen</para>
/// <code>
/// Reset-AccessServiceToken deploy | Register-SshHost -Hostname ssh.example.test
/// </code>
/// <para>The old secret is worth nothing at once, and this machine uses the new one.</para>
/// </example>
/// <example>
/// <para>Change secrets without a gap</para>
/// <code>
/// $token = Reset-AccessServiceToken deploy -GracePeriod 1.00:00:00 -Confirm:$false
/// </code>
/// <para>For a day both secrets are accepted.</para>
/// </example>
[Cmdlet(VerbsCommon.Reset, "AccessServiceToken", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(AccessServiceToken))]
public sealed class ResetAccessServiceToken : ExistingServiceTokenCmdlet
{
    /// <summary>How long the present secret is accepted beside the new one. Default: not at all.</summary>
    [Parameter(Position = 1)]
    public TimeSpan? GracePeriod { get; set; }

    protected override async Task ProcessItemAsync()
    {
        ServiceToken token = await FindTokenAsync();
        string old = GracePeriod is { } time ? $"the old one is accepted for {time:g}" : "the old one is worth nothing at once";
        if (ShouldProcess(token.ToString(), $"Make a new secret for the service token; {old}"))
        {
            WriteToken(await Tokens.RotateAsync(token.Id, GracePeriod, StopToken));
        }
    }
}
