namespace Tunnel.Protocol.CapnProto;

/// <summary>One pointer word, as the encoding's specification lays out its bits ("Structs", "Lists", "Inter-Segment
/// Pointers", "Capabilities"). Makes and takes apart; judges nothing.</summary>
internal readonly record struct WirePointer(ulong Bits)
{
    public const int WordBytes = 8;
    public const int WordBits = 64;

    /// <summary>Element counts and offsets have at most this many values.</summary>
    public const int MaxElements = (1 << 29) - 1;

    private const ulong StructKind = 0;
    private const ulong ListKind = 1;
    private const ulong FarKind = 2;
    private const ulong OtherKind = 3;

    public bool IsNull => Bits == 0;

    public bool IsStruct => (Bits & 3) == StructKind;

    public bool IsList => (Bits & 3) == ListKind;

    public bool IsFar => (Bits & 3) == FarKind;

    /// <summary>Kind 3 with all of the first 32 bits' rest zero is a capability; anything else is reserved.</summary>
    public bool IsCapability => (uint)Bits == OtherKind;

    /// <summary>Struct and list: words from the end of the pointer to the object, signed.</summary>
    public int Offset => (int)Bits >> 2;

    /// <summary>Tag of a composite list: how many elements it has.</summary>
    public int TagCount => (int)((uint)Bits >> 2);

    public int DataWords => (ushort)(Bits >> 32);

    public int PointerCount => (ushort)(Bits >> 48);

    public ElementSize ElementSize => (ElementSize)((Bits >> 32) & 7);

    /// <summary>Elements of a list; for a composite list, words without the tag.</summary>
    public int ElementCount => (int)(Bits >> 35);

    /// <summary>The landing pad has two words: a far pointer to the object and a tag that describes it.</summary>
    public bool IsDoubleFar => (Bits & 4) != 0;

    /// <summary>Far: the landing pad's place in its segment, in words.</summary>
    public int PadWord => (int)((uint)Bits >> 3);

    public uint SegmentId => (uint)(Bits >> 32);

    public uint CapabilityIndex => (uint)(Bits >> 32);

    public static WirePointer Struct(int dataWords, int pointerCount) =>
        new(StructKind | ((ulong)(ushort)dataWords << 32) | ((ulong)(ushort)pointerCount << 48));

    public static WirePointer List(ElementSize size, int count) =>
        new(ListKind | ((ulong)size << 32) | ((ulong)count << 35));

    public static WirePointer CompositeTag(int count, int dataWords, int pointerCount) =>
        new(Struct(dataWords, pointerCount).Bits | ((ulong)count << 2));

    public static WirePointer Far(int segment, int padWord, bool doubleFar) =>
        new(FarKind | (doubleFar ? 4u : 0u) | ((ulong)padWord << 3) | ((ulong)segment << 32));

    public static WirePointer Capability(uint index) => new(OtherKind | ((ulong)index << 32));

    /// <summary>The same struct or list pointer, so many words before its object.</summary>
    public WirePointer At(int offset) => new((Bits & ~0xFFFF_FFFCUL) | ((uint)offset << 2));
}
