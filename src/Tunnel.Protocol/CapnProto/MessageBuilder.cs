using System.Buffers;

namespace Tunnel.Protocol.CapnProto;

/// <summary>
/// Builds a message. Without a segment size it has one segment, which grows. With one, it has as many segments of that
/// size as it takes, joined by far pointers; an object as large as a segment gets one of its own.
/// </summary>
/// <remarks>A field is set once: setting it again leaves the old object behind as unreachable bytes.</remarks>
public sealed class MessageBuilder
{
    private const int FirstWords = 32;

    private readonly List<SegmentBuilder> _segments;
    private readonly int? _segmentWords;

    /// <param name="segmentWords">The segments' size in words (8 bytes); null for one segment that grows.</param>
    public MessageBuilder(int? segmentWords = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(segmentWords ?? 1, 1, nameof(segmentWords));
        _segmentWords = segmentWords;
        _segments = [new SegmentBuilder(segmentWords ?? FirstWords, grows: segmentWords is null)];
        _segments[0].TryAllocate(1, out _);
    }

    /// <summary>The pointer that every message begins with.</summary>
    public PointerBuilder RootPointer => new(this, 0, 0);

    /// <summary>Bytes that <see cref="WriteTo"/> writes.</summary>
    public int Bytes => SegmentTable.Bytes(_segments.Count) + _segments.Sum(s => s.Written.Length);

    /// <summary>Writes the segment table and the segments.</summary>
    public void WriteTo(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var tableBytes = SegmentTable.Bytes(_segments.Count);
        SegmentTable.Write(output.GetSpan(tableBytes)[..tableBytes], [.. _segments.Select(s => s.Words)]);
        output.Advance(tableBytes);
        foreach (var segment in _segments)
        {
            output.Write(segment.Written);
        }
    }

    /// <summary>What <see cref="WriteTo"/> writes.</summary>
    public byte[] ToArray()
    {
        var output = new ArrayBufferWriter<byte>(Bytes);
        WriteTo(output);
        return output.WrittenSpan.ToArray();
    }

    internal SegmentBuilder Segment(int segment) => _segments[segment];

    /// <summary>
    /// Takes zeroed words for an object, and sets the pointer at a place to it: directly within a segment, else through
    /// a landing pad before the object, else (the object fills its segment) through a pad of two words elsewhere.
    /// </summary>
    internal (int Segment, int Word) Allocate(int segment, int word, int words, WirePointer tag)
    {
        if (_segments[segment].TryAllocate(words, out var at))
        {
            _segments[segment].Put(word, tag.At(at - word - 1));
            return (segment, at);
        }

        if (words < _segmentWords)
        {
            var (home, pad) = AllocateAnywhere(words + 1);
            _segments[home].Put(pad, tag.At(0));
            _segments[segment].Put(word, WirePointer.Far(home, pad, doubleFar: false));
            return (home, pad + 1);
        }

        var (own, start) = AllocateSegment(words);
        var (padSegment, padWord) = AllocateAnywhere(2);
        _segments[padSegment].Put(padWord, WirePointer.Far(own, start, doubleFar: false));
        _segments[padSegment].Put(padWord + 1, tag.At(0));
        _segments[segment].Put(word, WirePointer.Far(padSegment, padWord, doubleFar: true));
        return (own, start);
    }

    private (int Segment, int Word) AllocateAnywhere(int words) =>
        _segments[^1].TryAllocate(words, out var word)
            ? (_segments.Count - 1, word)
            : AllocateSegment(words);

    private (int Segment, int Word) AllocateSegment(int words)
    {
        var segment = new SegmentBuilder(Math.Max(words, _segmentWords ?? FirstWords), grows: false);
        _segments.Add(segment);
        segment.TryAllocate(words, out var word);
        return (_segments.Count - 1, word);
    }
}
