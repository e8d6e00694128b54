using System.Text;

namespace Tunnel.Protocol.CapnProto;

/// <summary>
/// A pointer field, whatever it points to (<c>AnyPointer</c>). The default value is a null pointer, and a null pointer
/// reads as the empty struct, list or text: the encoding's defaults. Everything throws <see cref="CapnProtoException"/>
/// where the bytes are not what was asked for.
/// </summary>
public readonly struct PointerReader
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly MessageReader? _message;
    private readonly int _segment;
    private readonly int _word;
    private readonly int _depth;

    internal PointerReader(MessageReader message, int segment, int word, int depth)
    {
        _message = message;
        _segment = segment;
        _word = word;
        _depth = depth;
    }

    /// <summary>Whether the field is not set.</summary>
    public bool IsNull => _message is null || _message.PointerAt(_segment, _word).IsNull;

    /// <summary>What the pointer points to.</summary>
    public PointerKind Kind
    {
        get
        {
            if (IsNull)
            {
                return PointerKind.Null;
            }

            var tag = Follow(_message!).Tag;
            return tag.IsStruct ? PointerKind.Struct : tag.IsList ? PointerKind.List : PointerKind.Capability;
        }
    }

    /// <summary>The struct; the empty one where the pointer is null.</summary>
    public StructReader GetStruct()
    {
        if (IsNull)
        {
            return default;
        }

        var message = _message!;
        var (segment, word, tag) = Follow(message);
        if (!tag.IsStruct)
        {
            throw new CapnProtoException("A pointer leads to no struct where one is expected.");
        }

        message.Visit((uint)segment, word, tag.DataWords + tag.PointerCount);
        return new StructReader(message, segment, (int)word * WirePointer.WordBytes, tag.DataWords * WirePointer.WordBits,
            tag.PointerCount, Descend());
    }

    /// <summary>The list; the empty one where the pointer is null.</summary>
    public ListReader GetList()
    {
        if (IsNull)
        {
            return default;
        }

        var message = _message!;
        var (segment, word, tag) = Follow(message);
        if (!tag.IsList)
        {
            throw new CapnProtoException("A pointer leads to no list where one is expected.");
        }

        if (tag.ElementSize == ElementSize.Composite)
        {
            return GetComposite(message, segment, word, tag.ElementCount);
        }

        // Elements of no size cost a word each: else a message of two words is half a milliard of elements.
        message.Visit((uint)segment, word, tag.ElementSize.Words(tag.ElementCount));
        message.Visit(tag.ElementSize == ElementSize.Void ? tag.ElementCount : 0);
        return new ListReader(message, segment, (int)word * WirePointer.WordBytes, tag.ElementSize, tag.ElementCount,
            tag.ElementSize.DataBits(), tag.ElementSize == ElementSize.Pointer ? 1 : 0, Descend());
    }

    /// <summary>The text, or the default where the pointer is null.</summary>
    public string GetText(string defaultValue = "")
    {
        if (IsNull)
        {
            return defaultValue;
        }

        var bytes = GetBytes("text").Span;
        if (bytes.IsEmpty || bytes[^1] != 0)
        {
            throw new CapnProtoException("A text does not end with a zero byte.");
        }

        try
        {
            return StrictUtf8.GetString(bytes[..^1]);
        }
        catch (DecoderFallbackException e)
        {
            throw new CapnProtoException("A text is not UTF-8.", e);
        }
    }

    /// <summary>The bytes, a view on the message; none where the pointer is null.</summary>
    public ReadOnlyMemory<byte> GetData() => IsNull ? default : GetBytes("data");

    /// <summary>The index into the capability table, or null where the pointer is.</summary>
    public uint? GetCapability()
    {
        if (IsNull)
        {
            return null;
        }

        var tag = Follow(_message!).Tag;
        return tag.IsCapability
            ? tag.CapabilityIndex
            : throw new CapnProtoException("A pointer is no capability where one is expected.");
    }

    private ReadOnlyMemory<byte> GetBytes(string what)
    {
        var list = GetList();
        return list.ElementSize == ElementSize.Byte
            ? list.Memory
            : throw new CapnProtoException($"A pointer leads to a list that is no {what}.");
    }

    private ListReader GetComposite(MessageReader message, int segment, long word, int words)
    {
        message.Visit((uint)segment, word, words + 1L);
        var tag = message.PointerAt(segment, (int)word);
        var elementWords = tag.DataWords + tag.PointerCount;
        if (!tag.IsStruct || (long)tag.TagCount * elementWords > words)
        {
            throw new CapnProtoException("A list of structs does not fit its tag.");
        }

        message.Visit(elementWords == 0 ? tag.TagCount : 0);
        return new ListReader(message, segment, ((int)word + 1) * WirePointer.WordBytes, ElementSize.Composite,
            tag.TagCount, tag.DataWords * WirePointer.WordBits, tag.PointerCount, Descend());
    }

    /// <summary>
    /// Where the object is, and the pointer word that describes it. The place is not held against its segment yet.
    /// </summary>
    private (int Segment, long Word, WirePointer Tag) Follow(MessageReader message)
    {
        message.Visit(1);
        var pointer = message.PointerAt(_segment, _word);
        var (segment, word) = (_segment, _word);
        if (pointer.IsFar)
        {
            (segment, word) = ((int)pointer.SegmentId, pointer.PadWord);
            message.Visit(pointer.SegmentId, word, pointer.IsDoubleFar ? 2 : 1);
            var pad = message.PointerAt(segment, word);
            if (pointer.IsDoubleFar)
            {
                var tag = message.PointerAt(segment, word + 1);
                return pad.IsFar && !pad.IsDoubleFar && (tag.IsStruct || tag.IsList)
                    ? ((int)pad.SegmentId, pad.PadWord, tag)
                    : throw new CapnProtoException("A double-far pointer's landing pad is none.");
            }

            pointer = pad;
        }

        return pointer.IsStruct || pointer.IsList || pointer.IsCapability
            ? (segment, word + 1L + pointer.Offset, pointer)
            : throw new CapnProtoException("A pointer is of a kind that does not exist.");
    }

    private int Descend() => _depth > 0
        ? _depth - 1
        : throw new CapnProtoException("A message is nested too deeply.");
}
