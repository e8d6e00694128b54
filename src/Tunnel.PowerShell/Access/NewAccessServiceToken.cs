using System.Management.Automation;
using Tunnel.Core.Api;

namespace Tunnel.PowerShell.Access;

/// <summary>Creates a service token: what a machine shows instead of signing in.</summary>
/// <remarks>
/// <para>A service token has a client id and a secret. It lets in where a NonIdentity policy includes it. The secret is
/// told once: it is on the object as a SecureString, for Register-SshHost -ServiceToken, and as
/// $token.ToCredential().GetNetworkCredential().Password for whatever needs it as text.</para>
/// <para>A token of that name that is there already is given back, without its secret, with a warning.</para>
/// </remarks>
/// <example>
/// <para>A machine that may log in</para>
/// <code>
/// $token = New-AccessServiceToken deploy
/// New-AccessPolicy ssh.example.test -Name machines -Decision NonIdentity -Include $token
/// $token | Register-SshHost -Hostname ssh.example.test
/// ssh ssh.example.test uptime
/// </code>
/// <para>The secret goes into a file beside the ssh configuration that only its owner can read.</para>
/// </example>
[Cmdlet(VerbsCommon.New, "AccessServiceToken", SupportsShouldProcess = true)]
[OutputType(typeof(AccessServiceToken))]
public sealed class NewAccessServiceToken : ServiceTokenCmdlet
{
    /// <summary>A name for people.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = null!;

    /// <summary>How long the token lives, such as 24h or 8760h, or forever. Default: a year.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string? Duration { get; set; }

    protected override object? ErrorTarget => Name;

    protected override async Task ProcessItemAsync()
    {
        if (!ShouldProcess(Name, $"Create a service token in {Connected.Name}"))
        {
            return;
        }

        ServiceToken token = await Tokens.EnsureAsync(Name, Duration, StopToken);
        if (token.ClientSecret is null)
        {
            WriteWarning($"The service token '{Name}' was there already. Its secret was told once, when it was made; "
                + "Reset-AccessServiceToken makes another one.");
        }

        WriteToken(token);
    }
}
