using System.Text;

namespace Tunnel.Protocol.CapnProto;

/// <summary>A pointer field that is to be set.</summary>
public readonly struct PointerBuilder
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly MessageBuilder _message;
    private readonly int _segment;
    private readonly int _word;

    internal PointerBuilder(MessageBuilder message, int segment, int word)
    {
        _message = message;
        _segment = segment;
        _word = word;
    }

    /// <summary>Points to a new struct of this size.</summary>
    /// <param name="dataWords">The data section, in words of 8 bytes; at most 65,535.</param>
    /// <param name="pointerCount">The pointers; at most 65,535.</param>
    public StructBuilder InitStruct(int dataWords, int pointerCount)
    {
        CheckSize(dataWords, pointerCount);
        var tag = WirePointer.Struct(dataWords, pointerCount);
        if (dataWords + pointerCount == 0)
        {
            // With offset 0 it would be the null pointer.
            _message.Segment(_segment).Put(_word, tag.At(-1));
            return new StructBuilder(_message, _segment, _word, 0, 0);
        }

        var (segment, word) = _message.Allocate(_segment, _word, dataWords + pointerCount, tag);
        return new StructBuilder(_message, segment, word, dataWords, pointerCount);
    }

    /// <summary>Points to a new list of plain elements or pointers.</summary>
    public ListBuilder InitList(ElementSize elementSize, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, WirePointer.MaxElements);
        if (elementSize is < ElementSize.Void or > ElementSize.Pointer)
        {
            throw new ArgumentOutOfRangeException(nameof(elementSize), elementSize, "A list of structs has its own method.");
        }

        var (segment, word) = _message.Allocate(
            _segment, _word, (int)elementSize.Words(count), WirePointer.List(elementSize, count));
        return new ListBuilder(_message, segment, word, elementSize, count, 0, elementSize == ElementSize.Pointer ? 1 : 0);
    }

    /// <summary>Points to a new list of structs of this size.</summary>
    public ListBuilder InitStructList(int count, int dataWords, int pointerCount)
    {
        CheckSize(dataWords, pointerCount);
        var words = (long)count * (dataWords + pointerCount);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Math.Max(count, words), WirePointer.MaxElements, nameof(count));
        var (segment, word) = _message.Allocate(
            _segment, _word, (int)words + 1, WirePointer.List(ElementSize.Composite, (int)words));
        _message.Segment(segment).Put(word, WirePointer.CompositeTag(count, dataWords, pointerCount));
        return new ListBuilder(_message, segment, word + 1, ElementSize.Composite, count, dataWords, pointerCount);
    }

    /// <summary>Points to a text.</summary>
    /// <exception cref="EncoderFallbackException">The string holds half a surrogate pair.</exception>
    public void SetText(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var length = StrictUtf8.GetByteCount(value);
        StrictUtf8.GetBytes(value, InitList(ElementSize.Byte, length + 1).Bytes);
    }

    /// <summary>Points to data.</summary>
    public void SetData(ReadOnlySpan<byte> value) => value.CopyTo(InitList(ElementSize.Byte, value.Length).Bytes);

    /// <summary>Is the capability with this index in the message's capability table.</summary>
    public void SetCapability(uint index) => _message.Segment(_segment).Put(_word, WirePointer.Capability(index));

    /// <summary>Points to a copy of everything that the other pointer leads to.</summary>
    /// <exception cref="CapnProtoException">The other message violates the encoding or its reader's limits.</exception>
    public void Copy(PointerReader source)
    {
        switch (source.Kind)
        {
            case PointerKind.Struct:
                var from = source.GetStruct();
                InitStruct(from.Data.Length / WirePointer.WordBytes, from.PointerCount).Copy(from);
                break;
            case PointerKind.List:
                CopyList(source.GetList());
                break;
            case PointerKind.Capability:
                SetCapability(source.GetCapability()!.Value);
                break;
        }
    }

    private void CopyList(ListReader from)
    {
        if (from.ElementSize == ElementSize.Composite)
        {
            var structs = InitStructList(from.Count, from.DataWords, from.PointerCount);
            for (var i = 0; i < from.Count && from.DataWords + from.PointerCount > 0; i++)
            {
                structs.GetStruct(i).Copy(from.GetStruct(i));
            }

            return;
        }

        var list = InitList(from.ElementSize, from.Count);
        from.Memory.Span.CopyTo(list.Bytes);
        for (var i = 0; i < from.Count && from.ElementSize == ElementSize.Pointer; i++)
        {
            list.GetPointer(i).Copy(from.GetPointer(i));
        }
    }

    private static void CheckSize(int dataWords, int pointerCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(dataWords);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dataWords, ushort.MaxValue);
        ArgumentOutOfRangeException.ThrowIfNegative(pointerCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(pointerCount, ushort.MaxValue);
    }
}
