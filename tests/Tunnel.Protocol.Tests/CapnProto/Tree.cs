using CsCheck;
using Tunnel.Protocol.CapnProto;

namespace Tunnel.Protocol.Tests.CapnProto;

/// <summary>Any value that a pointer can lead to, and generators of it.</summary>
internal abstract record Tree
{
    public static Gen<Tree> Generate(int depth)
    {
        var data = Gen.ULong.Array[0, 3];
        var leaf = Gen.OneOf(
            Gen.Const<Tree>(new NullTree()),
            Gen.UInt.Select(i => (Tree)new CapabilityTree(i)),
            Gen.Select(Gen.Enum<ElementSize>().Where(s => s < ElementSize.Pointer), Gen.ULong.Array[0, 20])
                .Select(t => (Tree)new NumbersTree(t.Item1, t.Item2)));
        if (depth == 0)
        {
            return leaf;
        }

        var children = Generate(depth - 1).Array[0, 3];
        return Gen.Frequency(
            (2, leaf),
            (3, Gen.Select(data, children).Select(t => (Tree)new StructTree(t.Item1, t.Item2))),
            (1, children.Select(c => (Tree)new PointersTree(c))),
            (1, Gen.Select(Gen.Int[0, 3], Gen.Int[0, 2], Gen.Int[0, 2]).SelectMany(t =>
                Gen.Select(Gen.ULong.Array[t.Item2], Generate(depth - 1).Array[t.Item3])
                    .Select(e => new StructTree(e.Item1, e.Item2)).Array[t.Item1]
                    .Select(e => (Tree)new StructsTree(t.Item2, t.Item3, e)))));
    }

    public abstract void Write(PointerBuilder pointer);
}

internal sealed record NullTree : Tree
{
    public override void Write(PointerBuilder pointer)
    {
    }
}

internal sealed record CapabilityTree(uint Index) : Tree
{
    public override void Write(PointerBuilder pointer) => pointer.SetCapability(Index);
}

internal sealed record NumbersTree(ElementSize Size, ulong[] Values) : Tree
{
    public override void Write(PointerBuilder pointer)
    {
        var list = pointer.InitList(Size, Values.Length);
        for (var i = 0; i < Values.Length; i++)
        {
            switch (Size)
            {
                case ElementSize.Bit:
                    list.SetBool(i, (Values[i] & 1) != 0);
                    break;
                case ElementSize.Byte:
                    list.SetByte(i, (byte)Values[i]);
                    break;
                case ElementSize.TwoBytes:
                    list.SetUInt16(i, (ushort)Values[i]);
                    break;
                case ElementSize.FourBytes:
                    list.SetUInt32(i, (uint)Values[i]);
                    break;
                case ElementSize.EightBytes:
                    list.SetUInt64(i, Values[i]);
                    break;
            }
        }
    }
}

internal sealed record StructTree(ulong[] Data, Tree[] Pointers) : Tree
{
    public override void Write(PointerBuilder pointer) => Write(pointer.InitStruct(Data.Length, Pointers.Length));

    public void Write(StructBuilder builder)
    {
        for (var i = 0; i < Data.Length; i++)
        {
            builder.SetUInt64(i * 8, Data[i]);
        }

        for (var i = 0; i < Pointers.Length; i++)
        {
            Pointers[i].Write(builder.GetPointer(i));
        }
    }
}

internal sealed record PointersTree(Tree[] Elements) : Tree
{
    public override void Write(PointerBuilder pointer)
    {
        var list = pointer.InitList(ElementSize.Pointer, Elements.Length);
        for (var i = 0; i < Elements.Length; i++)
        {
            Elements[i].Write(list.GetPointer(i));
        }
    }
}

internal sealed record StructsTree(int DataWords, int PointerCount, StructTree[] Elements) : Tree
{
    public override void Write(PointerBuilder pointer)
    {
        var list = pointer.InitStructList(Elements.Length, DataWords, PointerCount);
        for (var i = 0; i < Elements.Length; i++)
        {
            Elements[i].Write(list.GetStruct(i));
        }
    }
}
