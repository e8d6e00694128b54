using System.Text;

namespace Tunnel.Core.Ssh;

/// <summary>
/// The content of an ssh config, with our blocks in it. Text stands for bytes one to one (Latin-1), so that whatever else is
/// in the file, in whatever encoding, stays as it is.
/// </summary>
internal sealed class SshConfigText
{
    private static readonly string ByteOrderMark = Encoding.Latin1.GetString(Encoding.UTF8.Preamble);

    private readonly string _text;
    private readonly List<(string Name, int Start, int End)> _blocks;

    private SshConfigText(string text, string file)
    {
        _text = text;
        _blocks = Find(text, file);
    }

    public IEnumerable<string> Names => _blocks.Select(static b => b.Name);

    public static SshConfigText Parse(ReadOnlySpan<byte> bytes, string file) =>
        new(Encoding.Latin1.GetString(bytes), file);

    /// <summary>The text of a block, or null.</summary>
    public string? Block(string name)
    {
        var block = _blocks.Find(b => b.Name == name);
        return block.Name is null ? null : FromBytes(_text[block.Start..block.End]);
    }

    /// <summary>The file with the block of a host in it, where it takes effect: above everything that is not ours.</summary>
    public byte[] With(SshHost host)
    {
        var block = ToBytes(SshHostBlock.Format(host, NewLine));
        var top = Top;
        var index = _blocks.FindIndex(b => b.Name == host.Name);
        if (index >= 0 && StandsOnTop(index))
        {
            var (_, start, end) = _blocks[index];
            return Bytes(string.Concat(_text.AsSpan(0, start), block, _text.AsSpan(end)));
        }

        var rest = Remove(host.Name);
        return Bytes(string.Concat(rest.AsSpan(0, top), block, rest.AsSpan(top)));
    }

    /// <summary>The file without the block of a name.</summary>
    public byte[] Without(string name) => Bytes(Remove(name));

    private int Top => _text.StartsWith(ByteOrderMark, StringComparison.Ordinal) ? ByteOrderMark.Length : 0;

    private string NewLine
    {
        get
        {
            var end = _text.IndexOf('\n', StringComparison.Ordinal);
            return end > 0 && _text[end - 1] == '\r' ? "\r\n" : "\n";
        }
    }

    /// <summary>Whether only blocks of ours stand above the block.</summary>
    private bool StandsOnTop(int index)
    {
        var position = Top;
        for (var i = 0; i <= index; i++)
        {
            if (_blocks[i].Start != position)
            {
                return false;
            }

            position = _blocks[i].End;
        }

        return true;
    }

    private string Remove(string name)
    {
        var text = _text;
        for (var i = _blocks.Count - 1; i >= 0; i--)
        {
            if (_blocks[i].Name == name)
            {
                text = text.Remove(_blocks[i].Start, _blocks[i].End - _blocks[i].Start);
            }
        }

        return text;
    }

    private static List<(string, int, int)> Find(string text, string file)
    {
        var blocks = new List<(string, int, int)>();
        string? open = null;
        var start = 0;
        var number = 0;
        var position = text.StartsWith(ByteOrderMark, StringComparison.Ordinal) ? ByteOrderMark.Length : 0;
        while (position < text.Length)
        {
            number++;
            var newLine = text.IndexOf('\n', position);
            var next = newLine < 0 ? text.Length : newLine + 1;
            var line = text[position..next];
            if (SshHostBlock.Begins(line) is { } begun)
            {
                if (open is not null)
                {
                    throw Damaged(file, open, number);
                }

                (open, start) = (begun, position);
            }
            else if (SshHostBlock.Ends(line) is { } ended)
            {
                if (ended != open)
                {
                    throw Damaged(file, ended, number);
                }

                blocks.Add((ended, start, next));
                open = null;
            }

            position = next;
        }

        return open is null ? blocks : throw Damaged(file, open, number);
    }

    private static SshConfigException Damaged(string file, string name, int line) => new(
        $"{file}, line {line}: the begin and end lines of the block for '{SshValue.Show(name)}' do not match. "
        + "Repair them or take the block out by hand; nothing was changed.");

    private static string ToBytes(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));

    private static string FromBytes(string text) => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(text));

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);
}
