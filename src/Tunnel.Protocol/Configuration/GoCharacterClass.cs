using System.Buffers;
using System.Globalization;
using System.Text;

namespace Tunnel.Protocol.Configuration;

/// <summary>Translates the character classes and escapes of a <see cref="GoExpression"/>.</summary>
internal static class GoCharacterClass
{
    // First letters of Unicode's general categories.
    private static readonly SearchValues<char> CategoryLetters = SearchValues.Create("LMNPSZC");

    /// <summary>Translates from behind the opening bracket; the result is the place behind the closing one.</summary>
    internal static int Translate(string source, int at, StringBuilder result)
    {
        result.Append('[');
        if (At(source, at) == '^')
        {
            result.Append('^');
            at++;
        }
        var start = at;
        while (at == start || At(source, at) != ']')
        {
            if (source.AsSpan(at).StartsWith("[:", StringComparison.Ordinal) && PosixClass(source, ref at, result))
            {
                continue;
            }
            if (At(source, at) == '\\' && At(source, at + 1) is ('d' or 'D' or 'w' or 'W' or 's' or 'S' or 'p' or 'P'))
            {
                at++;
                TranslateSet(source, ref at, result);
                continue;
            }
            var first = ReadMember(source, ref at);
            AppendCharacter(result, first);
            if (At(source, at) == '-' && At(source, at + 1) is not (']' or '\0'))
            {
                at++;
                var last = ReadMember(source, ref at);
                if (last < first)
                {
                    throw new FormatException("a range in a character class runs backwards");
                }
                result.Append('-');
                AppendCharacter(result, last);
            }
        }
        result.Append(']');
        return at + 1;
    }

    /// <summary>Translates <c>d</c>, <c>W</c>, <c>pL</c>, ... from behind the backslash to what stands between brackets.</summary>
    internal static void TranslateSet(string source, ref int at, StringBuilder result)
    {
        var c = source[at++];
        if (c is 'p' or 'P')
        {
            Category(source, ref at, c == 'P', result);
            return;
        }
        var ranges = char.ToLowerInvariant(c) switch
        {
            'd' => "09",
            'w' => "09AZ__az",
            // Not the vertical tab: that is only in [:space:].
            _ => "\t\n\f\r  ",
        };
        AppendRanges(result, ranges, isNegated: char.IsAsciiLetterUpper(c));
    }

    /// <summary>Reads an escape that stands for one character, from behind the backslash.</summary>
    internal static Rune ReadEscapedRune(string source, ref int at)
    {
        var c = At(source, at);
        if (c == '\0' && at >= source.Length)
        {
            throw new FormatException("it ends with a backslash");
        }
        at++;
        switch (c)
        {
            case 'a':
                return new Rune('\a');
            case 'f':
                return new Rune('\f');
            case 't':
                return new Rune('\t');
            case 'n':
                return new Rune('\n');
            case 'r':
                return new Rune('\r');
            case 'v':
                return new Rune('\v');
            case 'x':
                return ReadHexadecimal(source, ref at);
            case '0' or (>= '1' and <= '7') when c == '0' || At(source, at) is >= '0' and <= '7':
                var code = c - '0';
                for (var digits = 1; digits < 3 && At(source, at) is >= '0' and <= '7'; digits++)
                {
                    code = (code * 8) + source[at++] - '0';
                }
                return new Rune(code);
            case < '\x80' when !char.IsAsciiLetterOrDigit(c): // punctuation
                return new Rune(c);
            default:
                throw new FormatException($"'\\{c}' is nothing that Go's expressions have");
        }
    }

    /// <summary>Reads one character of the expression.</summary>
    internal static Rune ReadRune(string source, ref int at)
    {
        if (Rune.DecodeFromUtf16(source.AsSpan(at), out var rune, out var count) != OperationStatus.Done)
        {
            throw new FormatException("it ends too early, or holds half a character");
        }
        at += count;
        return rune;
    }

    internal static void AppendCharacter(StringBuilder result, char c)
    {
        if (char.IsAsciiLetterOrDigit(c))
        {
            result.Append(c);
        }
        else
        {
            result.Append(CultureInfo.InvariantCulture, $@"\u{(int)c:X4}");
        }
    }

    private static Rune ReadHexadecimal(string source, ref int at)
    {
        var end = At(source, at) == '{' ? source.IndexOf('}', at) : at + 2;
        var start = At(source, at) == '{' ? at + 1 : at;
        if (end <= start || end > source.Length || end - start > 8
            || !int.TryParse(source.AsSpan(start, end - start), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
            || !Rune.IsValid(code))
        {
            throw new FormatException(@"there is a '\x' without a valid code");
        }
        at = start > at ? end + 1 : end;
        return new Rune(code);
    }

    private static char ReadMember(string source, ref int at)
    {
        Rune rune;
        if (At(source, at) == '\\')
        {
            at++;
            rune = ReadEscapedRune(source, ref at);
        }
        else
        {
            rune = ReadRune(source, ref at);
        }
        return rune.IsBmp ? (char)rune.Value : throw new FormatException("a character class holds a character above U+FFFF, which is not supported");
    }

    private static bool PosixClass(string source, ref int at, StringBuilder result)
    {
        var end = source.IndexOf(":]", at + 2, StringComparison.Ordinal);
        if (end < 0)
        {
            return false;
        }
        var name = source[(at + 2)..end];
        var isNegated = name.StartsWith('^');
        var ranges = (isNegated ? name[1..] : name) switch
        {
            "alnum" => "09AZaz",
            "alpha" => "AZaz",
            "ascii" => "\0\x7f",
            "blank" => "\t\t  ",
            "cntrl" => "\0\x1f\x7f\x7f",
            "digit" => "09",
            "graph" => "!~",
            "lower" => "az",
            "print" => " ~",
            "punct" => "!/:@[`{~",
            "space" => "\t\r  ",
            "upper" => "AZ",
            "word" => "09AZ__az",
            "xdigit" => "09AFaf",
            _ => throw new FormatException($"'[:{name}:]' is no character class"),
        };
        AppendRanges(result, ranges, isNegated);
        at = end + 2;
        return true;
    }

    private static void Category(string source, ref int at, bool isNegated, StringBuilder result)
    {
        var name = At(source, at) == '{' ? source[(at + 1)..Math.Max(at + 1, source.IndexOf('}', at))] : source[at..Math.Min(at + 1, source.Length)];
        at += At(source, at) == '{' ? name.Length + 2 : 1;
        if (name.StartsWith('^'))
        {
            isNegated = !isNegated;
            name = name[1..];
        }
        if (name.Length is 0 or > 2 || !CategoryLetters.Contains(name[0]))
        {
            throw new FormatException($"the Unicode class '{name}' is not supported here; general categories such as L or Nd are");
        }
        result.Append(isNegated ? @"\P{" : @"\p{").Append(name).Append('}');
    }

    /// <summary>Appends pairs of first and last characters, in ascending order; or what lies between them.</summary>
    private static void AppendRanges(StringBuilder result, string ranges, bool isNegated)
    {
        var next = 0;
        for (var i = 0; i < ranges.Length; i += 2)
        {
            if (!isNegated)
            {
                AppendRange(result, ranges[i], ranges[i + 1]);
            }
            else if (ranges[i] > next)
            {
                AppendRange(result, (char)next, (char)(ranges[i] - 1));
            }
            next = ranges[i + 1] + 1;
        }
        if (isNegated)
        {
            AppendRange(result, (char)next, char.MaxValue);
        }
    }

    private static void AppendRange(StringBuilder result, char first, char last)
    {
        AppendCharacter(result, first);
        result.Append('-');
        AppendCharacter(result, last);
    }

    private static char At(string source, int at) => at < source.Length ? source[at] : '\0';
}
