using System.IO.Enumeration;
using System.Text;

namespace Tunnel.Core.Ssh.Server;

/// <summary>The text of an sshd_config (sshd_config(5)): what it includes, and our blocks in it.</summary>
internal static class SshdText
{
    private const string Begin = "# >>> tunnel ssh certificates >>>";
    private const string End = "# <<< tunnel ssh certificates <<<";

    /// <summary>Text stands for bytes one to one, so that whatever else is in a file stays as it is.</summary>
    public static Encoding Encoding => Encoding.Latin1;

    /// <summary>Whether a file beside the configuration is read by it, wherever the visitor comes from.</summary>
    public static bool Includes(string text, string file)
    {
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries))
        {
            var words = line.Split([' ', '\t', '='], StringSplitOptions.RemoveEmptyEntries);
            if (words is [var first, ..] && first.Equals("Match", StringComparison.OrdinalIgnoreCase))
            {
                return false;
            }

            // sshd takes a relative name as one in its own folder, whichever configuration it was given.
            var folder = Path.GetDirectoryName(SshdOptions.DefaultConfigFile)!;
            if (words is [var keyword, .. var patterns] && keyword.Equals("Include", StringComparison.OrdinalIgnoreCase)
                && patterns.Select(p => Path.Combine(folder, p.Trim('"'))).Any(p =>
                    Path.GetDirectoryName(p) == Path.GetDirectoryName(file)
                    && FileSystemName.MatchesSimpleExpression(Path.GetFileName(p), Path.GetFileName(file), ignoreCase: false)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The text with our lines: general ones at the top, since the first value counts, Match blocks at the end.</summary>
    public static string With(string text, string general, string matches)
    {
        var rest = Without(text);
        var end = rest.Length == 0 || rest.EndsWith('\n') ? "" : "\n";
        return Block(general) + rest + (matches.Length == 0 ? "" : end + Block(matches));
    }

    /// <summary>The text without our lines.</summary>
    public static string Without(string text)
    {
        while (text.IndexOf(Begin, StringComparison.Ordinal) is >= 0 and var begin)
        {
            var end = text.IndexOf(End, begin, StringComparison.Ordinal);
            if (end < 0)
            {
                throw new SshdException($"The line '{Begin}' has no end line '{End}' below it: somebody took it out. Take the rest of the block out too.");
            }

            end += End.Length;
            end += end < text.Length && text[end] == '\r' ? 1 : 0;
            end += end < text.Length && text[end] == '\n' ? 1 : 0;
            text = text.Remove(begin, end - begin);
        }

        return text;
    }

    private static string Block(string lines) => $"{Begin}\n{lines}{End}\n";
}
