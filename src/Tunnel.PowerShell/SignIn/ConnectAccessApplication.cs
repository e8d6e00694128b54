using System.Management.Automation;
using Tunnel.Core.Client;
using Tunnel.Core.Client.SignIn;

namespace Tunnel.PowerShell.SignIn;

/// <summary>Signs you in to an Access application, and keeps the token for ssh, curl and scripts.</summary>
/// <remarks>
/// <para>Where you have a token that the edge still takes, nothing is asked. Where you are signed in to another application of the team, you
/// get one without a browser. Else a link is shown, and opened if there is a browser here; sign in there and let the
/// program in.</para>
/// <para>The token is kept in ~/.cloudflared, readable by you only; tunnel-agent and cloudflared use it, too.</para>
/// </remarks>
/// <example>
/// <para>Sign in before ssh needs it</para>
/// <code>
/// Connect-AccessApplication ssh.example.com
/// ssh ssh.example.com
/// </code>
/// <para>Without it ssh asks for the sign-in itself.</para>
/// </example>
/// <example>
/// <para>Call a web application</para>
/// <code>
/// $token = (Connect-AccessApplication app.example.com).Token | ConvertFrom-SecureString -AsPlainText
/// Invoke-RestMethod https://app.example.com/status -Headers @{ 'cf-access-token' = $token }
/// </code>
/// </example>
[Cmdlet(VerbsCommunications.Connect, "AccessApplication", SupportsShouldProcess = true)]
[OutputType(typeof(AccessToken))]
public sealed class ConnectAccessApplication : PersonCmdlet
{
    private const string Activity = "Waiting for the sign-in in the browser";

    /// <summary>Signs in anew, although there is a token.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override async Task ProcessItemAsync()
    {
        AccessClientOptions client = Client();
        if (!ShouldProcess(client.Address.Host, "Sign in and keep the token"))
        {
            return;
        }

        using AccessSignIn signIn = SignIn(client);
        WriteProgressOf(Activity, client.Address.Host);
        try
        {
            StoredAccessToken token = await signIn.GetTakenTokenAsync(Force, StopToken);
            WriteObject(new AccessToken(token, DateTimeOffset.UtcNow));
        }
        finally
        {
            EndProgress(Activity);
        }
    }
}
