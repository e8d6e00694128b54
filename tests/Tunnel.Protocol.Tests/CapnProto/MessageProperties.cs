using System.Globalization;
using CsCheck;
using Tunnel.Protocol.CapnProto;

namespace Tunnel.Protocol.Tests.CapnProto;

public sealed class MessageProperties
{
    private static readonly ReaderLimits Limits = new() { MaxSegments = 1024, TraversalWords = 16 << 10, MaxDepth = 24 };

    private static readonly Gen<int?> SegmentWords = Gen.OneOf(
        Gen.Const((int?)null), Gen.Int[1, 24].Select(i => (int?)i));

    [Fact]
    public void What_is_written_is_read_back_whatever_the_segments() =>
        Gen.Select(Tree.Generate(3), SegmentWords).Sample((tree, segmentWords) =>
        {
            var message = new MessageBuilder(segmentWords);
            tree.Write(message.RootPointer);
            var bytes = message.ToArray();

            Assert.Equal(message.Bytes, bytes.Length);
            Assert.Equal(Describe(tree), Walk.Everything(MessageReader.Parse(bytes, Limits).RootPointer));
        });

    [Fact]
    public void A_copy_reads_as_the_original() =>
        Gen.Select(Tree.Generate(3), SegmentWords, SegmentWords).Sample((tree, from, to) =>
        {
            var original = new MessageBuilder(from);
            tree.Write(original.RootPointer);
            var copy = new MessageBuilder(to);
            copy.RootPointer.Copy(MessageReader.Parse(original.ToArray(), Limits).RootPointer);

            Assert.Equal(Describe(tree), Walk.Everything(MessageReader.Parse(copy.ToArray(), Limits).RootPointer));
        });

    [Fact]
    public void Random_bytes_are_read_or_refused() =>
        Gen.Byte.Array[0, 400].Sample(ReadOrRefuse, iter: 20_000);

    [Fact]
    public void Random_words_in_a_valid_frame_are_read_or_refused() =>
        Gen.ULong.Array[1, 40].Sample(words =>
        {
            var segments = words.Chunk(Math.Max(1, words.Length / 2)).ToArray();
            ReadOrRefuse([
                .. BitConverter.GetBytes(segments.Length - 1),
                .. segments.SelectMany(s => BitConverter.GetBytes(s.Length)),
                .. segments.Length % 2 == 0 ? new byte[4] : [],
                .. words.SelectMany(BitConverter.GetBytes)]);
        }, iter: 20_000);

    [Fact]
    public void Mutated_messages_are_read_or_refused() =>
        Gen.Select(Tree.Generate(3), SegmentWords, Mutation.Generate).Sample((tree, segmentWords, mutation) =>
        {
            var message = new MessageBuilder(segmentWords);
            tree.Write(message.RootPointer);
            ReadOrRefuse(mutation.Apply(message.ToArray()));
        }, iter: 20_000);

    private static void ReadOrRefuse(byte[] bytes)
    {
        try
        {
            var message = MessageReader.Parse(bytes, Limits);
            Walk.Everything(message.RootPointer);
            new MessageBuilder().RootPointer.Copy(MessageReader.Parse(bytes, Limits).RootPointer);
        }
        catch (CapnProtoException)
        {
            // The one exception that bytes may cause.
        }
    }

    private static string Describe(Tree tree) => tree switch
    {
        NullTree => "null",
        CapabilityTree c => $"capability {c.Index.ToString(CultureInfo.InvariantCulture)}",
        StructTree s => $"({Convert.ToHexString([.. s.Data.SelectMany(BitConverter.GetBytes)])}"
            + string.Concat(s.Pointers.Select(p => " " + Describe(p))) + ")",
        PointersTree p => List(ElementSize.Pointer, p.Elements.Length, p.Elements.Select(Describe)),
        StructsTree s => List(ElementSize.Composite, s.Elements.Length, s.Elements.Select(Describe)),
        NumbersTree { Size: ElementSize.Void } n => List(n.Size, n.Values.Length, []),
        NumbersTree n => List(n.Size, n.Values.Length, n.Values.Select(v => (v & Mask(n.Size)).ToString(CultureInfo.InvariantCulture))),
        _ => throw new InvalidOperationException(),
    };

    private static string List(ElementSize size, int count, IEnumerable<string> elements) =>
        $"[{size} {count}:{string.Concat(elements.Select(e => " " + e))}]";

    private static ulong Mask(ElementSize size) => ulong.MaxValue >> (64 - size.DataBits());
}
