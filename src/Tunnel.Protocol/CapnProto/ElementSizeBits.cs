namespace Tunnel.Protocol.CapnProto;

/// <summary>How many bits of data an element of each <see cref="ElementSize"/> has.</summary>
internal static class ElementSizeBits
{
    /// <summary>Bits from one element to the next; not for <see cref="ElementSize.Composite"/>.</summary>
    public static int StepBits(this ElementSize size) =>
        size == ElementSize.Pointer ? WirePointer.WordBits : size.DataBits();

    /// <summary>Bits of data in an element; not for <see cref="ElementSize.Composite"/>.</summary>
    public static int DataBits(this ElementSize size) => size switch
    {
        ElementSize.Bit => 1,
        ElementSize.Byte => 8,
        ElementSize.TwoBytes => 16,
        ElementSize.FourBytes => 32,
        ElementSize.EightBytes => 64,
        _ => 0,
    };

    /// <summary>Words that so many elements fill.</summary>
    public static long Words(this ElementSize size, long count) =>
        ((count * size.StepBits()) + WirePointer.WordBits - 1) / WirePointer.WordBits;
}
