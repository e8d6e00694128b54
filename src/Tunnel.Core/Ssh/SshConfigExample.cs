using System.Text;

namespace Tunnel.Core.Ssh;

/// <summary>
/// What <c>access ssh-config</c> shows: lines to put into an ssh config by hand, in the form of cloudflared's
/// (<c>cmd/cloudflared/access/cmd.go</c>).
/// </summary>
public static class SshConfigExample
{
    /// <summary>Stands for a name that is not known yet.</summary>
    public const string Placeholder = "[your hostname]";

    /// <param name="host">The host; <c>*</c> in its name stands for anything, as in ssh_config(5).</param>
    /// <exception cref="SshConfigException">The name, or a path, cannot stand in a config.</exception>
    public static string Format(SshHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        if (host.Name != Placeholder)
        {
            SshValue.CheckHost(host.Name.Replace('*', 'x'), "hostname");
        }

        var text = new StringBuilder();
        text.Append("\nAdd to your ").Append(SshConfigFile.DefaultPath).Append(":\n\n");
        if (host.ShortLivedCertificate)
        {
            text.Append("Match host ").Append(host.Name).Append(" exec ").Append(SshProxyCommand.FormatExec(host)).Append('\n');
            Line("ProxyCommand", SshProxyCommand.Format(host));
            Line("IdentityFile", SshHostBlock.CertificateKey(host));
            Line("CertificateFile", SshHostBlock.CertificateKey(host) + "-cert.pub");
        }
        else
        {
            text.Append("Host ").Append(host.Name).Append('\n');
            Line("ProxyCommand", SshProxyCommand.Format(host));
        }

        return text.ToString();

        void Line(string keyword, string value) => text.Append("  ").Append(keyword).Append(' ').Append(value).Append('\n');
    }
}
