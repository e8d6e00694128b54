using System.Globalization;

namespace Tunnel.Core.Tunnels;

/// <summary>Checks and normalises hostnames.</summary>
internal static class Hostname
{
    private const int MaxLength = 253;

    /// <summary>The hostname in lower case, in ASCII, without a dot at its end.</summary>
    /// <exception cref="SshTunnelException">Not a hostname of at least two labels.</exception>
    public static string Normalize(string? hostname)
    {
        var text = (hostname ?? "").Trim().TrimEnd('.');
        try
        {
            var name = new IdnMapping { UseStd3AsciiRules = true }.GetAscii(text).ToLowerInvariant();
            if (name.Length <= MaxLength && name.Contains('.', StringComparison.Ordinal) && !System.Net.IPAddress.TryParse(name, out _))
            {
                return name;
            }
        }
        catch (ArgumentException)
        {
            // Falls through to the message below.
        }

        var shown = string.Concat(text.Take(80).Select(static c => char.IsControl(c) ? '?' : c));
        throw new SshTunnelException(
            SshTunnelError.InvalidRequest,
            $"'{shown}' is not a hostname. Give a whole name without scheme or port, such as ssh.example.com.");
    }

    /// <summary>The same for a name that may stand for all below it, such as <c>*.example.com</c>.</summary>
    /// <exception cref="SshTunnelException">Not a hostname of at least two labels.</exception>
    public static string NormalizePattern(string? hostname)
    {
        var text = (hostname ?? "").Trim();
        return text.StartsWith("*.", StringComparison.Ordinal) ? "*." + Normalize(text[2..]) : Normalize(text);
    }

    /// <summary>The hostname and its parents down to two labels, the longest first: zones that it may be in.</summary>
    public static IEnumerable<string> WithParents(string hostname)
    {
        for (var name = hostname; name.Contains('.', StringComparison.Ordinal); name = name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..])
        {
            yield return name;
        }
    }
}
