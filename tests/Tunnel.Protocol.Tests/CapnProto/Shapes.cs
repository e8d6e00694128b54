using Tunnel.Protocol.CapnProto;

namespace Tunnel.Protocol.Tests.CapnProto;

/// <summary>A value of shapes.capnp that has something in every field, written with our builder.</summary>
internal static class Shapes
{
    public const int DataWords = 5;
    public const int Pointers = 13;

    /// <summary>The same value, as <c>capnp encode</c> takes it and <c>capnp decode --short</c> gives it.</summary>
    public const string Text =
        "(flag = true, invertedFlag = false, tiny = 200, short = 65535, medium = 1, long = 18446744073709551615, "
        + "signed = -9000000000, fraction = -0.25, colour = green, text = \"grüße\", data = \"\\x00\\xff\\x10\", "
        + "voids = [void, void, void], bits = [true, false, true, true, false, false, false, false, true], "
        + "bytes = [1, 2, 255], shorts = [1, 65535], mediums = [4294967295], longs = [0, 18446744073709551615], "
        + "texts = [\"a\", \"\", \"long enough for more than one word\"], lists = [[1, 2, 3], [], [4]], "
        + "points = [(x = 1, y = 2, label = \"p\"), (x = 3, y = 4)], "
        + "inner = (flag = false, invertedFlag = true, tiny = 7, short = 4660, medium = 3735928559, "
        + "long = 81985529216486895, signed = -5, fraction = 1.5, colour = blue, "
        + "choice = (number = 42)), choice = (point = (x = 5, y = 6, label = \"chosen\")))";

    public static byte[] Build(int? segmentWords)
    {
        var message = new MessageBuilder(segmentWords);
        var shapes = message.RootPointer.InitStruct(DataWords, Pointers);
        shapes.SetBool(0, true);
        shapes.SetBool(1, false, defaultValue: true);
        shapes.SetByte(1, 200, defaultValue: 7);
        shapes.SetUInt16(2, 65535, defaultValue: 0x1234);
        shapes.SetUInt32(4, 1, defaultValue: 0xdeadbeef);
        shapes.SetUInt64(8, ulong.MaxValue, defaultValue: 0x0123456789abcdef);
        shapes.SetUInt64(16, unchecked((ulong)-9_000_000_000), defaultValue: unchecked((ulong)-5));
        shapes.SetUInt64(24, BitConverter.DoubleToUInt64Bits(-0.25), BitConverter.DoubleToUInt64Bits(1.5));
        shapes.SetUInt16(32, 1, defaultValue: 2);
        shapes.SetText(0, "grüße");
        shapes.SetData(1, [0, 255, 16]);
        BuildLists(shapes);
        var inner = shapes.InitStruct(11, DataWords, Pointers);
        inner.SetUInt16(34, 1);
        inner.SetUInt32(36, 42);
        shapes.SetUInt16(34, 3);
        BuildPoint(shapes.InitStruct(12, 1, 1), 5, 6, "chosen");
        return message.ToArray();
    }

    public static void AssertEqual(StructReader shapes)
    {
        Assert.True(shapes.GetBool(0));
        Assert.False(shapes.GetBool(1, defaultValue: true));
        Assert.Equal(200, shapes.GetByte(1, 7));
        Assert.Equal(65535, shapes.GetUInt16(2, 0x1234));
        Assert.Equal(1u, shapes.GetUInt32(4, 0xdeadbeef));
        Assert.Equal(ulong.MaxValue, shapes.GetUInt64(8, 0x0123456789abcdef));
        Assert.Equal(-9_000_000_000, (long)shapes.GetUInt64(16, unchecked((ulong)-5)));
        Assert.Equal(-0.25, BitConverter.UInt64BitsToDouble(shapes.GetUInt64(24, BitConverter.DoubleToUInt64Bits(1.5))));
        Assert.Equal(1, shapes.GetUInt16(32, 2));
        Assert.Equal("grüße", shapes.GetText(0, "nothing said"));
        Assert.Equal([0, 255, 16], shapes.GetData(1).ToArray());
        Assert.Equal(3, shapes.GetList(2).Count);
        Assert.Equal(
            [true, false, true, true, false, false, false, false, true], Elements(shapes.GetList(3), (l, i) => l.GetBool(i)));
        Assert.Equal([1, 2, 255], Elements(shapes.GetList(4), (l, i) => l.GetByte(i)));
        Assert.Equal([1, 65535], Elements(shapes.GetList(5), (l, i) => l.GetUInt16(i)));
        Assert.Equal([uint.MaxValue], Elements(shapes.GetList(6), (l, i) => l.GetUInt32(i)));
        Assert.Equal([0, ulong.MaxValue], Elements(shapes.GetList(7), (l, i) => l.GetUInt64(i)));
        Assert.Equal(
            ["a", "", "long enough for more than one word"], Elements(shapes.GetList(8), (l, i) => l.GetText(i)));
        Assert.Equal(
            ["1 2 3", "", "4"],
            Elements(shapes.GetList(9), (l, i) => string.Join(' ', Elements(l.GetPointer(i).GetList(), (n, j) => n.GetUInt16(j)))));
        Assert.Equal(["1 2 p", "3 4 "], Elements(shapes.GetList(10), (l, i) => Point(l.GetStruct(i))));
        var inner = shapes.GetStruct(11);
        Assert.Equal(1, inner.GetUInt16(34));
        Assert.Equal(42u, inner.GetUInt32(36));
        Assert.Equal(7, inner.GetByte(1, 7));
        Assert.Equal("nothing said", inner.GetText(0, "nothing said"));
        Assert.Equal(3, shapes.GetUInt16(34));
        Assert.Equal("5 6 chosen", Point(shapes.GetStruct(12)));
    }

    private static void BuildLists(StructBuilder shapes)
    {
        shapes.GetPointer(2).InitList(ElementSize.Void, 3);
        var bits = shapes.GetPointer(3).InitList(ElementSize.Bit, 9);
        Array.ForEach([0, 2, 3, 8], i => bits.SetBool(i, true));
        shapes.SetData(4, [1, 2, 255]);
        Fill(shapes.GetPointer(5).InitList(ElementSize.TwoBytes, 2), (l, i) => l.SetUInt16(i, i == 0 ? (ushort)1 : ushort.MaxValue));
        Fill(shapes.GetPointer(6).InitList(ElementSize.FourBytes, 1), (l, i) => l.SetUInt32(i, uint.MaxValue));
        Fill(shapes.GetPointer(7).InitList(ElementSize.EightBytes, 2), (l, i) => l.SetUInt64(i, i == 0 ? 0 : ulong.MaxValue));
        string[] texts = ["a", "", "long enough for more than one word"];
        Fill(shapes.GetPointer(8).InitList(ElementSize.Pointer, 3), (l, i) => l.GetPointer(i).SetText(texts[i]));
        ushort[][] lists = [[1, 2, 3], [], [4]];
        Fill(shapes.GetPointer(9).InitList(ElementSize.Pointer, 3), (l, i) =>
            Fill(l.GetPointer(i).InitList(ElementSize.TwoBytes, lists[i].Length), (n, j) => n.SetUInt16(j, lists[i][j])));
        var points = shapes.GetPointer(10).InitStructList(2, 1, 1);
        BuildPoint(points.GetStruct(0), 1, 2, "p");
        BuildPoint(points.GetStruct(1), 3, 4, null);
    }

    private static void BuildPoint(StructBuilder point, uint x, uint y, string? label)
    {
        point.SetUInt32(0, x);
        point.SetUInt32(4, y);
        if (label is not null)
        {
            point.SetText(0, label);
        }
    }

    private static void Fill(ListBuilder list, Action<ListBuilder, int> set)
    {
        for (var i = 0; i < list.Count; i++)
        {
            set(list, i);
        }
    }

    private static T[] Elements<T>(ListReader list, Func<ListReader, int, T> get) =>
        [.. Enumerable.Range(0, list.Count).Select(i => get(list, i))];

    private static string Point(StructReader point) => $"{point.GetUInt32(0)} {point.GetUInt32(4)} {point.GetText(0)}";
}
