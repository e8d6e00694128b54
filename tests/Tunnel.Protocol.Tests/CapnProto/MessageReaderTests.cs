using System.Buffers.Binary;
using Tunnel.Protocol.CapnProto;

namespace Tunnel.Protocol.Tests.CapnProto;

public sealed class MessageReaderTests
{
    private static readonly ulong NearStruct = WirePointer.Struct(1, 1).At(0).Bits;

    [Fact]
    public void A_null_pointer_reads_as_every_kind_s_default()
    {
        var pointer = Message([0]).RootPointer;

        Assert.Equal(PointerKind.Null, pointer.Kind);
        Assert.Equal(5, pointer.GetStruct().GetByte(0, 5));
        Assert.Equal(0, pointer.GetList().Count);
        Assert.Equal("unset", pointer.GetText("unset"));
        Assert.True(pointer.GetData().IsEmpty);
        Assert.Null(pointer.GetCapability());
    }

    [Fact]
    public void A_pointer_in_a_cycle_ends_at_the_depth_limit()
    {
        // A struct whose one pointer points back to the struct.
        var at = Message([WirePointer.Struct(0, 1).At(0).Bits, WirePointer.Struct(0, 1).At(-1).Bits]).Root;

        var depth = 0;
        var e = Assert.Throws<CapnProtoException>(() =>
        {
            for (; depth < 1000; depth++)
            {
                at = at.GetStruct(0);
            }
        });

        Assert.Equal("A message is nested too deeply.", e.Message);
        Assert.Equal(ReaderLimits.Default.MaxDepth - 1, depth);
    }

    [Theory]
    [InlineData(ElementSize.Void)]
    [InlineData(ElementSize.Composite)]
    public void Half_a_milliard_elements_of_no_size_are_too_many(ElementSize size)
    {
        var message = size == ElementSize.Void
            ? Message([WirePointer.List(size, WirePointer.MaxElements).Bits])
            : Message([WirePointer.List(size, 0).Bits, WirePointer.CompositeTag(WirePointer.MaxElements, 0, 0).Bits]);

        var e = Assert.Throws<CapnProtoException>(() => message.RootPointer.GetList());
        Assert.Contains("visits more than", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reading_the_same_bytes_again_and_again_ends_at_the_traversal_limit()
    {
        var builder = new MessageBuilder();
        builder.RootPointer.InitStruct(0, 1).SetData(0, new byte[8000]);
        var root = MessageReader.Parse(builder.ToArray(), new ReaderLimits { TraversalWords = 10_000 }).Root;

        var reads = 0;
        Assert.Throws<CapnProtoException>(() =>
        {
            for (; reads < 1000; reads++)
            {
                root.GetData(0);
            }
        });

        Assert.Equal(9, reads);
    }

    [Fact]
    public void Pointers_out_of_their_segment_are_refused()
    {
        ulong[] bad =
        [
            NearStruct, // two words are not there
            WirePointer.Struct(0, 1).At(-2).Bits,
            WirePointer.Struct(1, 0).At(int.MaxValue >> 3).Bits,
            WirePointer.List(ElementSize.Byte, 1).Bits,
            WirePointer.List(ElementSize.EightBytes, WirePointer.MaxElements).Bits,
            WirePointer.List(ElementSize.Composite, 0).Bits, // not even a tag
            WirePointer.Far(0, 1, doubleFar: false).Bits,
            WirePointer.Far(1, 0, doubleFar: false).Bits,
            WirePointer.Far(-1, 0, doubleFar: false).Bits,
            WirePointer.Far(0, 0, doubleFar: true).Bits,
        ];

        Assert.All(bad, bits => Assert.Throws<CapnProtoException>(() => Walk.Everything(Message([bits]).RootPointer)));
    }

    [Fact]
    public void A_landing_pad_that_is_none_is_refused()
    {
        // To itself; to a far pointer; a double-far one whose pad is no far pointer, is double-far, has a far tag.
        Assert.Throws<CapnProtoException>(() => Message([WirePointer.Far(0, 0, doubleFar: false).Bits]).Root);
        Assert.Throws<CapnProtoException>(() => Message(
            [WirePointer.Far(1, 0, doubleFar: false).Bits], [WirePointer.Far(1, 1, doubleFar: false).Bits, 0]).Root);
        foreach (var pad in new[] { 0UL, NearStruct, WirePointer.Far(0, 0, doubleFar: true).Bits })
        {
            Assert.Throws<CapnProtoException>(
                () => Message([WirePointer.Far(1, 0, doubleFar: true).Bits], [pad, NearStruct, 0]).Root);
        }

        Assert.Throws<CapnProtoException>(() => Message(
            [WirePointer.Far(1, 0, doubleFar: true).Bits],
            [WirePointer.Far(0, 0, doubleFar: false).Bits, WirePointer.Far(0, 0, doubleFar: false).Bits]).Root);
    }

    [Fact]
    public void A_kind_of_pointer_that_does_not_exist_is_refused() =>
        Assert.Throws<CapnProtoException>(() => Message([7]).RootPointer.Kind);

    [Fact]
    public void A_tag_with_more_elements_than_the_list_has_words_is_refused()
    {
        var message = Message([WirePointer.List(ElementSize.Composite, 1).Bits, WirePointer.CompositeTag(2, 1, 0).Bits, 0]);

        Assert.Throws<CapnProtoException>(() => message.RootPointer.GetList());
    }

    [Theory]
    [InlineData("6100", "a")]
    [InlineData("00", "")]
    [InlineData("61", null)] // no zero byte
    [InlineData("", null)]
    [InlineData("ff00", null)] // no UTF-8
    [InlineData("c00000", null)]
    public void Text_is_UTF_8_with_a_zero_byte_at_its_end(string hex, string? expected)
    {
        var builder = new MessageBuilder();
        builder.RootPointer.SetData(Convert.FromHexString(hex));
        var pointer = MessageReader.Parse(builder.ToArray()).RootPointer;

        if (expected is null)
        {
            Assert.Throws<CapnProtoException>(() => pointer.GetText());
        }
        else
        {
            Assert.Equal(expected, pointer.GetText());
        }
    }

    [Fact]
    public void A_list_of_numbers_may_be_read_as_structs_and_the_other_way_round()
    {
        var builder = new MessageBuilder();
        var root = builder.RootPointer.InitStruct(0, 3);
        var numbers = root.GetPointer(0).InitList(ElementSize.TwoBytes, 2);
        numbers.SetUInt16(1, 500);
        var structs = root.GetPointer(1).InitStructList(2, 1, 1);
        structs.GetStruct(1).SetUInt16(0, 600);
        structs.GetStruct(1).SetText(0, "more");
        var texts = root.GetPointer(2).InitList(ElementSize.Pointer, 1);
        texts.GetPointer(0).SetText("one");
        var reader = MessageReader.Parse(builder.ToArray()).Root;

        Assert.Equal(500, reader.GetList(0).GetStruct(1).GetUInt16(0));
        Assert.Equal(7u, reader.GetList(0).GetStruct(1).GetUInt32(0, 7)); // larger than what is there
        Assert.Equal("", reader.GetList(0).GetStruct(1).GetText(0));
        Assert.Equal(600, reader.GetList(1).GetUInt16(1));
        Assert.Equal("more", reader.GetList(1).GetText(1));
        Assert.Equal("one", reader.GetList(2).GetStruct(0).GetText(0));
        Assert.Throws<CapnProtoException>(() => reader.GetList(0).GetUInt32(0));
        Assert.Throws<CapnProtoException>(() => reader.GetList(0).GetText(0));
    }

    [Fact]
    public void A_list_of_booleans_is_no_list_of_anything_else()
    {
        var builder = new MessageBuilder();
        builder.RootPointer.InitList(ElementSize.Bit, 8);
        var list = MessageReader.Parse(builder.ToArray()).RootPointer.GetList();

        Assert.Throws<CapnProtoException>(() => list.GetStruct(0));
        Assert.Throws<CapnProtoException>(() => list.GetByte(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => list.GetBool(8));
    }

    [Fact]
    public void Every_shorter_message_is_refused()
    {
        var whole = Shapes.Build(segmentWords: null);

        Assert.All(Enumerable.Range(0, whole.Length), length =>
            Assert.Throws<CapnProtoException>(() => MessageReader.Parse(whole.AsMemory(0, length))));
        Assert.Throws<CapnProtoException>(() => MessageReader.Parse((byte[])[.. whole, 0]));
    }

    [Fact]
    public void A_message_of_no_words_has_no_root() =>
        Assert.Throws<CapnProtoException>(() => MessageReader.Parse(new byte[8]).Root);

    /// <summary>A message with these segments.</summary>
    private static MessageReader Message(params ulong[][] segments) => new([.. segments.Select(words =>
    {
        var bytes = new byte[words.Length * 8];
        for (var i = 0; i < words.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(i * 8), words[i]);
        }

        return (ReadOnlyMemory<byte>)bytes;
    })]);
}
