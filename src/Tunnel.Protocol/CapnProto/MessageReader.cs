using System.Buffers.Binary;

namespace Tunnel.Protocol.CapnProto;

/// <summary>
/// A message: its segments, and what is left of the traversal limit. The readers that come from it are views on the
/// same bytes, valid as long as those are. Not for several threads at once.
/// </summary>
public sealed class MessageReader
{
    private readonly ReadOnlyMemory<byte>[] _segments;
    private readonly ReaderLimits _limits;
    private long _traversalWords;

    /// <param name="segments">The segments, in the order of their numbers.</param>
    /// <param name="limits">What reading may cost; <see cref="ReaderLimits.Default"/> if null.</param>
    /// <exception cref="CapnProtoException">There is no segment, or one is no whole number of words.</exception>
    public MessageReader(ReadOnlyMemory<byte>[] segments, ReaderLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(segments);
        if (segments.Length == 0 || Array.Exists(segments, s => s.Length % WirePointer.WordBytes != 0))
        {
            throw new CapnProtoException("A message has one segment or more, each of whole words.");
        }

        _segments = segments;
        _limits = limits ?? ReaderLimits.Default;
        _traversalWords = _limits.TraversalWords;
    }

    /// <summary>Bytes of all segments.</summary>
    public long Bytes => _segments.Sum(s => (long)s.Length);

    /// <summary>The pointer that every message begins with.</summary>
    /// <exception cref="CapnProtoException">The first segment is empty.</exception>
    public PointerReader RootPointer => _segments[0].IsEmpty
        ? throw new CapnProtoException("A message has no root pointer.")
        : new PointerReader(this, 0, 0, _limits.MaxDepth);

    /// <summary>The root as a struct.</summary>
    /// <exception cref="CapnProtoException">It is none.</exception>
    public StructReader Root => RootPointer.GetStruct();

    /// <summary>Reads one message as it is on a stream or in a file, with its segment table and nothing after it.</summary>
    /// <exception cref="CapnProtoException">The bytes are something else.</exception>
    public static MessageReader Parse(ReadOnlyMemory<byte> message, ReaderLimits? limits = null)
    {
        limits ??= ReaderLimits.Default;
        var tableBytes = message.Length < SegmentTable.MinBytes
            ? throw new CapnProtoException("A message ends within its segment table.")
            : SegmentTable.Bytes(message.Span, limits);
        if (message.Length < tableBytes)
        {
            throw new CapnProtoException("A message ends within its segment table.");
        }

        var lengths = SegmentTable.Read(message.Span, limits);
        return message.Length == tableBytes + lengths.Sum()
            ? FromBody(message[tableBytes..], lengths, limits)
            : throw new CapnProtoException("A message is not as long as its segment table says.");
    }

    /// <summary>The same message with a traversal limit of its own, measured by its length.</summary>
    internal MessageReader Again(int visitsPerWord) =>
        new(_segments, _limits with { TraversalWords = (int)(Bytes / WirePointer.WordBytes) * visitsPerWord });

    internal static MessageReader FromBody(ReadOnlyMemory<byte> body, int[] lengths, ReaderLimits limits)
    {
        var segments = new ReadOnlyMemory<byte>[lengths.Length];
        var at = 0;
        for (var i = 0; i < lengths.Length; i++)
        {
            segments[i] = body.Slice(at, lengths[i]);
            at += lengths[i];
        }

        return new MessageReader(segments, limits);
    }

    internal ReadOnlyMemory<byte> Memory(int segment, int byteOffset, int length) =>
        _segments[segment].Slice(byteOffset, length);

    internal ReadOnlySpan<byte> Span(int segment, int byteOffset, int length) =>
        _segments[segment].Span.Slice(byteOffset, length);

    internal WirePointer PointerAt(int segment, int word) =>
        new(BinaryPrimitives.ReadUInt64LittleEndian(Span(segment, word * WirePointer.WordBytes, WirePointer.WordBytes)));

    /// <summary>Takes words off the traversal limit.</summary>
    internal void Visit(long words)
    {
        _traversalWords -= words;
        if (_traversalWords < 0)
        {
            throw new CapnProtoException($"Reading a message visits more than {_limits.TraversalWords} words.");
        }
    }

    /// <summary>Holds words against the segment's end, then takes them off the traversal limit.</summary>
    internal void Visit(uint segment, long word, long words)
    {
        if (segment >= (uint)_segments.Length)
        {
            throw new CapnProtoException($"A pointer leads to segment {segment} of {_segments.Length}.");
        }

        if (word < 0 || word + words > _segments[segment].Length / WirePointer.WordBytes)
        {
            throw new CapnProtoException("A pointer leads out of its segment.");
        }

        Visit(words);
    }
}
