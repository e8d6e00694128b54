using System.Globalization;
using System.Text;

namespace Tunnel.Protocol.Configuration;

/// <summary>
/// Translates a regular expression of Go (RE2 syntax, https://github.com/google/re2/wiki/Syntax) to one that .NET's
/// non-backtracking engine reads and that matches the same texts. What differs: <c>\d \w \s</c> are ASCII in Go, <c>$</c>
/// is only the very end, classes like <c>[[:alpha:]]</c>, and what only one of the two has. Groups do not capture, and
/// greed is dropped: only whether there is a match is asked. <c>\b</c> stays .NET's, which knows more than ASCII letters.
/// </summary>
internal sealed class GoExpression
{
    private const int MaxDepth = 200;
    private const int MaxRepeat = 1000;

    private readonly string _source;
    private readonly StringBuilder _result = new();
    private readonly Stack<bool> _outerMultiline = new();
    private bool _isMultiline;
    private int _at;

    private GoExpression(string source) => _source = source;

    /// <exception cref="FormatException">Not an expression of Go, or one that .NET has nothing for.</exception>
    internal static string Translate(string source) => new GoExpression(source).Translate();

    private string Translate()
    {
        while (_at < _source.Length)
        {
            var c = _source[_at++];
            switch (c)
            {
                case '(':
                    OpenGroup();
                    break;
                case ')':
                    CloseGroup();
                    break;
                case '[':
                    _at = GoCharacterClass.Translate(_source, _at, _result);
                    break;
                case '\\':
                    Escape();
                    break;
                case '$':
                    _result.Append(_isMultiline ? "$" : @"\z");
                    break;
                case '{':
                    Repeat();
                    break;
                case '.' or '^' or '|' or '*' or '+' or '?':
                    _result.Append(c);
                    break;
                default:
                    _at--;
                    AppendLiteral(NextRune());
                    break;
            }
        }
        return _outerMultiline.Count == 0 ? _result.ToString() : throw new FormatException("a group is not closed");
    }

    private void OpenGroup()
    {
        if (_outerMultiline.Count == MaxDepth)
        {
            throw new FormatException($"groups are nested deeper than {MaxDepth} levels");
        }
        var multiline = _isMultiline;
        if (!Take("?"))
        {
            _result.Append("(?:");
        }
        else if (Take("P<") || (Rest is ['<', not ('=' or '!'), ..] && Take("<")))
        {
            var end = _source.IndexOf('>', _at);
            if (end <= _at || !_source.AsSpan(_at, end - _at).ToString().All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
            {
                throw new FormatException("the name of a group is not valid");
            }
            _at = end + 1;
            _result.Append("(?:");
        }
        else if (!ReadFlags())
        {
            return;
        }
        _outerMultiline.Push(multiline);
    }

    /// <summary>Reads <c>flags)</c>, which hold to the end of the group, or <c>flags:</c>, which open one. True for the latter.</summary>
    private bool ReadFlags()
    {
        var set = "";
        var clear = "";
        var isClearing = false;
        while (_at < _source.Length)
        {
            var c = _source[_at++];
            switch (c)
            {
                case 'i' or 's' or 'm':
                    (set, clear) = isClearing ? (set, clear + c) : (set + c, clear);
                    break;
                case 'U':
                    break;
                case '-' when !isClearing:
                    isClearing = true;
                    break;
                case ':' or ')':
                    var flags = clear.Length > 0 ? $"{set}-{clear}" : set;
                    _result.Append(flags.Length > 0 || c == ':' ? $"(?{flags}{c}" : "");
                    _isMultiline = !clear.Contains('m') && (_isMultiline || set.Contains('m'));
                    return c == ':';
                default:
                    throw new FormatException("a group begins with '(?' and something that Go does not have");
            }
        }
        throw new FormatException("a group is not closed");
    }

    private void CloseGroup()
    {
        if (!_outerMultiline.TryPop(out _isMultiline))
        {
            throw new FormatException("there is a ')' without a '('");
        }
        _result.Append(')');
    }

    private void Escape()
    {
        if (Take("Q"))
        {
            var end = _source.IndexOf(@"\E", _at, StringComparison.Ordinal);
            var stop = end < 0 ? _source.Length : end;
            while (_at < stop)
            {
                AppendLiteral(NextRune());
            }
            _at = end < 0 ? stop : end + 2;
            return;
        }
        switch (Rest)
        {
            case ['A' or 'b' or 'B' or 'z', ..]:
                _result.Append('\\').Append(_source[_at++]);
                break;
            case ['d' or 'D' or 'w' or 'W' or 's' or 'S' or 'p' or 'P', ..]:
                _result.Append('[');
                GoCharacterClass.TranslateSet(_source, ref _at, _result);
                _result.Append(']');
                break;
            default:
                AppendLiteral(GoCharacterClass.ReadEscapedRune(_source, ref _at));
                break;
        }
    }

    private void Repeat()
    {
        var end = _source.IndexOf('}', _at);
        var parts = end < 0 ? [] : _source[_at..end].Split(',');
        var isRepeat = parts.Length is 1 or 2
            && IsNumber(parts[0]) && (parts.Length == 1 || parts[1].Length == 0 || IsNumber(parts[1]));
        if (!isRepeat)
        {
            AppendLiteral(new Rune('{'));
            return;
        }
        foreach (var part in parts.Where(p => p.Length > 0))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count > MaxRepeat)
            {
                throw new FormatException($"something is repeated more than {MaxRepeat} times");
            }
        }
        _result.Append('{').Append(_source, _at, end - _at).Append('}');
        _at = end + 1;
    }

    private void AppendLiteral(Rune rune)
    {
        if (rune.IsBmp)
        {
            GoCharacterClass.AppendCharacter(_result, (char)rune.Value);
            return;
        }
        Span<char> units = stackalloc char[2];
        rune.EncodeToUtf16(units);
        _result.Append("(?:");
        GoCharacterClass.AppendCharacter(_result, units[0]);
        GoCharacterClass.AppendCharacter(_result, units[1]);
        _result.Append(')');
    }

    private Rune NextRune() => GoCharacterClass.ReadRune(_source, ref _at);

    private bool Take(string text)
    {
        var found = Rest.StartsWith(text, StringComparison.Ordinal);
        _at += found ? text.Length : 0;
        return found;
    }

    private ReadOnlySpan<char> Rest => _source.AsSpan(_at);

    private static bool IsNumber(string text) => text.Length is > 0 and < 10 && text.All(char.IsAsciiDigit);
}
