using System.Globalization;
using System.Text;
using Tunnel.Core.Ssh.Certificates;

namespace Tunnel.Core.Ssh;

/// <summary>The text of one block of ours, from its begin line to its end line.</summary>
internal static class SshHostBlock
{
    private const string BeginPrefix = "# >>> tunnel ssh host ";
    private const string BeginSuffix = " >>>";
    private const string EndPrefix = "# <<< tunnel ssh host ";
    private const string EndSuffix = " <<<";

    public static string Format(SshHost host, string newLine)
    {
        var text = new StringBuilder();
        Line($"{BeginPrefix}{host.Name}{BeginSuffix}");
        Line("# Written by Register-SshHost, taken out by Unregister-SshHost; changes between these lines are lost.");
        Line($"Host {host.Name}");
        Line($"    HostName {host.Hostname}");
        Line($"    ProxyCommand {SshProxyCommand.Format(host)}");
        Keyword("User", host.User);
        Keyword("Port", host.Port?.ToString(CultureInfo.InvariantCulture));
        Keyword("IdentityFile", Path(host.IdentityFile));
        Keyword("UserKnownHostsFile", Path(host.UserKnownHostsFile));
        Keyword("StrictHostKeyChecking", host.StrictHostKeyChecking);
        if (host.ShortLivedCertificate)
        {
            // Only where ssh-gen succeeded: else ssh says why, and goes on with what else there is.
            Line($"Match originalhost {host.Name} exec {SshProxyCommand.FormatExec(host)}");
            Keyword("IdentityFile", Path(CertificateKey(host)));
            Keyword("CertificateFile", Path(CertificateKey(host) + "-cert.pub"));
            Keyword("IdentitiesOnly", "yes");
        }

        // What stood above a Host line holds for all hosts: without this, it would come to belong to the block.
        Line("Match all");
        Line($"{EndPrefix}{host.Name}{EndSuffix}");
        return text.ToString();

        void Keyword(string name, string? value)
        {
            if (value is not null)
            {
                Line($"    {name} {value}");
            }
        }

        void Line(string line) => text.Append(line).Append(newLine);

        static string? Path(string? path) => path is null or "none" ? path : SshValue.Quote(path);
    }

    public static SshHost Parse(string name, string block, string configFile)
    {
        var host = new SshHost { Name = name, Hostname = name, AgentPath = "", ConfigFile = configFile };
        foreach (var raw in block.Split('\n'))
        {
            var parts = raw.Trim().Split([' ', '\t', '='], 2, StringSplitOptions.TrimEntries);
            host = parts is [var keyword, var value] ? Apply(host, keyword, value) : host;
        }

        return host;
    }

    /// <summary>The private key of a host's certificate, as a config names it: ssh itself knows what <c>~</c> is.</summary>
    public static string CertificateKey(SshHost host) => host.CertificateFolder is { } folder
        ? ShortLivedCertificateFiles.Of(folder, host.Hostname ?? host.Name).IdentityFile
        : $"~/.cloudflared/{host.Hostname ?? host.Name}-cf_key";

    /// <summary>The name in a begin line, or null if it is not one.</summary>
    public static string? Begins(string line) => Between(line, BeginPrefix, BeginSuffix);

    /// <summary>The name in an end line, or null if it is not one.</summary>
    public static string? Ends(string line) => Between(line, EndPrefix, EndSuffix);

    private static SshHost Apply(SshHost host, string keyword, string value) => keyword.ToUpperInvariant() switch
    {
        "HOSTNAME" => host with { Hostname = value },
        "PROXYCOMMAND" => SshProxyCommand.Parse(value, host),
        "USER" => host with { User = value },
        "PORT" => host with { Port = int.TryParse(value, CultureInfo.InvariantCulture, out var port) ? port : null },
        "MATCH" when value.Contains(" exec ", StringComparison.Ordinal) => host with { ShortLivedCertificate = true },
        "IDENTITYFILE" when host.ShortLivedCertificate => host with { CertificateFolder = FolderOf(SshValue.Unquote(value)) },
        "IDENTITYFILE" => host with { IdentityFile = SshValue.Unquote(value) },
        "USERKNOWNHOSTSFILE" => host with { UserKnownHostsFile = SshValue.Unquote(value) },
        "STRICTHOSTKEYCHECKING" => host with { StrictHostKeyChecking = value },
        _ => host,
    };

    private static string? FolderOf(string identityFile) => identityFile.StartsWith('~')
        ? null : System.IO.Path.GetDirectoryName(identityFile);

    private static string? Between(string line, string prefix, string suffix)
    {
        var text = line.TrimEnd();
        return text.Length > prefix.Length + suffix.Length
            && text.StartsWith(prefix, StringComparison.Ordinal)
            && text.EndsWith(suffix, StringComparison.Ordinal)
                ? text[prefix.Length..^suffix.Length]
                : null;
    }
}
