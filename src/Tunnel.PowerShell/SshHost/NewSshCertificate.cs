using System.Management.Automation;
using System.Net;
using System.Security;
using Tunnel.Core.Client;
using Tunnel.Core.Client.SignIn;
using Tunnel.Core.Ssh.Certificates;
using Tunnel.PowerShell.SignIn;

namespace Tunnel.PowerShell.SshHost;

/// <summary>Has a short-lived SSH certificate signed for the person at this machine.</summary>
/// <remarks>
/// <para>The key and the certificate lie in ~/.cloudflared under cloudflared's names, readable by their owner only. The
/// certificate is good for some minutes: long enough to log in; a session that stands goes on after it. One that is good
/// for another minute is given back as it is.</para>
/// <para>Who you are is known from the sign-in to the application; where there is none, a link for it is shown, as
/// Connect-AccessApplication does. The key and the certificate are in -Folder, too.</para>
/// </remarks>
/// <example>
/// <para>Log in with it</para>
/// <code>
/// $certificate = New-SshCertificate ssh.example.test
/// ssh -i $certificate.IdentityFile -o CertificateFile=$certificate alice@ssh.example.test
/// </code>
/// <para>Register-SshHost -ShortLivedCertificate makes plain ssh do this by itself.</para>
/// </example>
[Cmdlet(VerbsCommon.New, "SshCertificate", SupportsShouldProcess = true)]
[OutputType(typeof(ShortLivedCertificate))]
public sealed class NewSshCertificate : PersonCmdlet
{
    /// <summary>An application token, instead of the sign-in that is stored in the folder.</summary>
    [Parameter]
    [ValidateNotNull]
    public SecureString? Token { get; set; }

    /// <summary>Sign a new one, for a fresh key, although there is one that is good for another minute.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override async Task ProcessItemAsync()
    {
        AccessClientOptions client = Client(Token is null ? null : new NetworkCredential("", Token).Password);
        if (!ShouldProcess(client.Address.Host, "Have an SSH certificate signed"))
        {
            return;
        }

        using AccessSignIn signIn = SignIn(client);
        WriteObject(await new ShortLivedCertificates(Resolve(Folder)).EnsureAsync(client, signIn, Force, StopToken));
    }
}
