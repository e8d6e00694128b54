namespace Tunnel.Protocol.CapnProto;

/// <summary>What a pointer points to, far pointers followed.</summary>
public enum PointerKind
{
    /// <summary>All bits zero: the field has its default.</summary>
    Null,

    /// <summary>A struct.</summary>
    Struct,

    /// <summary>A list, text or data.</summary>
    List,

    /// <summary>An index into the message's capability table.</summary>
    Capability,
}
