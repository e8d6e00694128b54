namespace Tunnel.Protocol.CapnProto;

/// <summary>The size of a list's elements, with the numbers that list pointers use.</summary>
public enum ElementSize
{
    /// <summary>0 bits.</summary>
    Void = 0,

    /// <summary>1 bit.</summary>
    Bit = 1,

    /// <summary>1 byte; text and data are such lists.</summary>
    Byte = 2,

    /// <summary>2 bytes.</summary>
    TwoBytes = 3,

    /// <summary>4 bytes.</summary>
    FourBytes = 4,

    /// <summary>8 bytes that are no pointer.</summary>
    EightBytes = 5,

#pragma warning disable CA1720 // "Pointer" is the specification's word, not a type's name.
    /// <summary>A pointer.</summary>
    Pointer = 6,
#pragma warning restore CA1720

    /// <summary>Structs side by side, their size in a tag word in front.</summary>
    Composite = 7,
}
