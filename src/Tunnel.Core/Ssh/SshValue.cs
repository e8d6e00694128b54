using System.Globalization;

namespace Tunnel.Core.Ssh;

/// <summary>Which values may stand in an ssh config: nothing that begins a line, a word, a pattern or a command of its own.</summary>
internal static class SshValue
{
    private const int MaxHostLength = 253;

    private static readonly string[] HostKeyChecks = ["yes", "no", "off", "ask", "accept-new"];

    /// <summary>The host with every value checked, paths made absolute.</summary>
    public static SshHost Check(SshHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        CheckHost(host.Name, "name");
        CheckHost(host.Hostname ?? host.Name, "hostname");
        if (host.User is { } user && !(user.Length is > 0 and <= 256 && user[0] != '-' && user.All(IsUserCharacter)))
        {
            throw Refused("user", user);
        }

        if (host.Port is < 1 or > 65535)
        {
            throw Refused("port", host.Port.Value.ToString(CultureInfo.InvariantCulture));
        }

        if (host.StrictHostKeyChecking is { } check && !HostKeyChecks.Contains(check))
        {
            throw new SshConfigException($"StrictHostKeyChecking is one of {string.Join(", ", HostKeyChecks)}.");
        }

        if (host.ConnectTo is { } address)
        {
            CheckEndPoint(address);
        }

        if (host is { ShortLivedCertificate: true, ServiceTokenFile: not null })
        {
            throw new SshConfigException(
                "A certificate names a person, and a service token is none: give a key with the service token instead.");
        }

        return host with
        {
            Hostname = host.Hostname ?? host.Name,
            AgentPath = AgentPath(host.AgentPath),
            IdentityFile = FilePath(host.IdentityFile, "identity file"),
            UserKnownHostsFile = FilePath(host.UserKnownHostsFile, "known hosts file"),
            ServiceTokenFile = PlainPath(host.ServiceTokenFile, "service token file"),
            CertificateFolder = FilePath(PlainPath(host.CertificateFolder, "certificate folder"), "certificate folder"),
            CertificateAuthorityFile = PlainPath(host.CertificateAuthorityFile, "CA file"),
        };
    }

    /// <summary>A path as one argument of a keyword: its percent signs doubled, in quotes.</summary>
    public static string Quote(string path) => $"\"{path.Replace("%", "%%", StringComparison.Ordinal)}\"";

    public static string Unquote(string argument) =>
        argument.Trim().Trim('"').Replace("%%", "%", StringComparison.Ordinal);

    /// <summary>A value in a message: short, on one line.</summary>
    public static string Show(string value)
    {
        var plain = string.Concat(value.Select(static c => char.IsControl(c) ? '?' : c));
        return plain.Length > 80 ? plain[..77] + "..." : plain;
    }

    public static void CheckHost(string? name, string what)
    {
        if (string.IsNullOrEmpty(name) || name.Length > MaxHostLength || !name.All(IsHostCharacter)
            || name.Split('.').Any(static label => label.Length is 0 or > 63 || label[0] == '-'))
        {
            throw new SshConfigException(
                $"The {what} '{Show(name ?? "")}' is not a host name: letters, digits, hyphen, underscore, with dots between.");
        }
    }

    private static void CheckEndPoint(string address)
    {
        var colon = address.LastIndexOf(':');
        var host = colon < 0 ? "" : address[..colon];
        var isV6 = host.Length > 2 && host[0] == '[' && host[^1] == ']'
            && System.Net.IPAddress.TryParse(host[1..^1], out _) && !host.Contains('%', StringComparison.Ordinal);
        if (!isV6)
        {
            CheckHost(host, "host of the address to connect to");
        }

        if (!ushort.TryParse(address.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0)
        {
            throw Refused("address to connect to", address);
        }
    }

    private static string AgentPath(string? path)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            throw new SshConfigException("The agent path is empty.");
        }

        // A bare name is looked up on the PATH by the shell; anything else must hold wherever ssh is started.
        return path.AsSpan().IndexOfAny('/', '\\') < 0 && path[0] != '-' ? path : PlainPath(path, "agent path")!;
    }

    private static string? PlainPath(string? path, string what)
    {
        if (path is null)
        {
            return null;
        }

        if (path.Length == 0 || path.Any(char.IsControl))
        {
            throw Refused(what, path);
        }

        return Path.GetFullPath(path);
    }

    /// <summary>A path for a keyword that expands <c>~</c>, <c>%</c> and <c>${}</c>.</summary>
    private static string? FilePath(string? path, string what)
    {
        if (path is null or "none")
        {
            return path;
        }

        var full = path.StartsWith("~/", StringComparison.Ordinal) ? path : PlainPath(path, what)!;
        full = OperatingSystem.IsWindows() ? full.Replace('\\', '/') : full;
        return full.Any(static c => char.IsControl(c) || c is '"' or '\\') || full.Contains("${", StringComparison.Ordinal)
            ? throw Refused(what, path)
            : full;
    }

    private static bool IsHostCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_';

    private static bool IsUserCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '@' or '+' or '\\';

    private static SshConfigException Refused(string what, string value) =>
        new($"The {what} '{Show(value)}' cannot stand in an ssh config.");
}
