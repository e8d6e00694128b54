using System.Text;

namespace Tunnel.Core.Ssh;

/// <summary>
/// The ProxyCommand of a host. ssh expands its percent tokens and gives the rest to the user's shell (ssh_config(5)), so
/// every word is either plain or quoted for a shell.
/// </summary>
internal static class SshProxyCommand
{
    private const string CertificateAuthority = "--cacert";
    private const string ConnectTo = "--connect-to";
    private const string Folder = "--folder";
    private const string Hostname = "--hostname";
    private const string TokenFile = "--service-token-file";

    public static string Format(SshHost host)
    {
        var command = new StringBuilder(Quote(host.AgentPath, "agent path"));
        command.Append(" access ssh ").Append(Hostname).Append(" %h");
        Option(command, TokenFile, host.ServiceTokenFile, "service token file");
        Option(command, Folder, host.CertificateFolder, "certificate folder");
        Option(command, ConnectTo, host.ConnectTo, "address to connect to");
        Option(command, CertificateAuthority, host.CertificateAuthorityFile, "CA file");
        return command.ToString();
    }

    /// <summary>
    /// The argument of <c>Match exec</c> that has a certificate signed, in double quotes: ssh takes them off, expands its
    /// percent tokens and gives the rest to the user's shell.
    /// </summary>
    public static string FormatExec(SshHost host)
    {
        var command = new StringBuilder(Quote(host.AgentPath, "agent path"));
        command.Append(" access ssh-gen ").Append(Hostname).Append(' ').Append(host.Hostname ?? host.Name);
        Option(command, Folder, host.CertificateFolder, "certificate folder");
        Option(command, ConnectTo, host.ConnectTo, "address to connect to");
        Option(command, CertificateAuthority, host.CertificateAuthorityFile, "CA file");
        var text = command.ToString();
        if (OperatingSystem.IsWindows())
        {
            // OpenSSH reads a backslash before a quote or a backslash as an escape, since 8.7.
            text = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        }
        else if (text.AsSpan().IndexOfAny('"', '\\') >= 0)
        {
            throw new SshConfigException("A path with a quote or a backslash cannot stand in a Match line; use another one.");
        }

        return $"\"{text}\"";
    }

    /// <summary>Reads what <see cref="Format"/> wrote into the host; other commands only give the agent's path.</summary>
    public static SshHost Parse(string command, SshHost host)
    {
        var words = Words(command);
        if (words.Count == 0)
        {
            return host;
        }

        host = host with { AgentPath = words[0] };
        for (var i = 1; i + 1 < words.Count; i++)
        {
            host = words[i] switch
            {
                TokenFile => host with { ServiceTokenFile = words[++i] },
                Folder => host with { CertificateFolder = words[++i] },
                ConnectTo => host with { ConnectTo = words[++i] },
                CertificateAuthority => host with { CertificateAuthorityFile = words[++i] },
                _ => host,
            };
        }

        return host;
    }

    private static void Option(StringBuilder command, string name, string? value, string what)
    {
        if (value is not null)
        {
            command.Append(' ').Append(name).Append(' ').Append(Quote(value, what));
        }
    }

    private static string Quote(string word, string what)
    {
        var quote = OperatingSystem.IsWindows() ? '"' : '\'';
        if (word.Length == 0 || word.Contains(quote, StringComparison.Ordinal) || word.Any(char.IsControl)
            || (OperatingSystem.IsWindows() && word.Contains('%', StringComparison.Ordinal)))
        {
            throw new SshConfigException($"The {what} '{SshValue.Show(word)}' cannot stand in a ProxyCommand; use another path.");
        }

        // ssh takes %% as one percent sign, inside quotes too.
        var expanded = word.Replace("%", "%%", StringComparison.Ordinal);
        return word.All(IsPlain) ? expanded : $"{quote}{expanded}{quote}";
    }

    private static bool IsPlain(char c) =>
        char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '_' or '-' or ':' or '+' or '@' or ','
        || (c == '\\' && OperatingSystem.IsWindows());

    private static List<string> Words(string command)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        char? quote = null;
        var open = false;
        foreach (var c in command.Replace("%%", "%", StringComparison.Ordinal))
        {
            if (quote is null && c is '\'' or '"')
            {
                (quote, open) = (c, true);
            }
            else if (c == quote)
            {
                quote = null;
            }
            else if (quote is null && c is ' ' or '\t')
            {
                Flush();
            }
            else
            {
                word.Append(c);
                open = true;
            }
        }

        Flush();
        return words;

        void Flush()
        {
            if (open)
            {
                words.Add(word.ToString());
                word.Clear();
                open = false;
            }
        }
    }
}
