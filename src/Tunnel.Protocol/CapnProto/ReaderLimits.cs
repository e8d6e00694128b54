namespace Tunnel.Protocol.CapnProto;

/// <summary>
/// What a message may cost its reader, as "Security Considerations" of the encoding's specification asks for.
/// </summary>
public sealed record ReaderLimits
{
    /// <summary>Limits for messages as registration has them.</summary>
    public static ReaderLimits Default { get; } = new();

    /// <summary>Bytes of all segments together, without the segment table. 1 MiB: a configuration can be long.</summary>
    public int MaxMessageBytes { get; init; } = 1 << 20;

    /// <summary>Segments of a message.</summary>
    public int MaxSegments { get; init; } = 64;

    /// <summary>
    /// Words (8 bytes) that may be visited, each time that they are. Pointers may overlap, so a small message can be
    /// a huge tree; this is what bounds it. 512 Ki words let the longest message be read four times.
    /// </summary>
    public int TraversalWords { get; init; } = 512 << 10;

    /// <summary>Pointers from the root to the deepest object.</summary>
    public int MaxDepth { get; init; } = 64;
}
