using Tunnel.Protocol.CapnProto;

namespace Tunnel.Protocol.Rpc.Messages;

/// <summary>
/// The envelope of every message: <c>Message</c> of rpc.capnp, a union of one pointer. The offsets in this folder are
/// those that <c>capnp compile -ocapnp rpc.capnp</c> prints.
/// </summary>
internal readonly struct RpcMessage(MessageReader reader)
{
    private readonly StructReader _root = reader.Root;

    public MessageKind Kind => (MessageKind)_root.GetUInt16(0);

    public StructReader Body => _root.GetStruct(0);

    /// <summary>Bytes of the message.</summary>
    public long Bytes => reader.Bytes;

    public static PointerBuilder Begin(MessageBuilder message, MessageKind kind)
    {
        var root = message.RootPointer.InitStruct(1, 1);
        root.SetUInt16(0, (ushort)kind);
        return root.GetPointer(0);
    }

    /// <summary>
    /// The message inside an <c>unimplemented</c>, for the peer to see what was not understood. Copying visits each
    /// word up to four times (the pointer's kind, the object, its content), so the copy is of the message's own size.
    /// </summary>
    public MessageBuilder ToUnimplemented()
    {
        var message = new MessageBuilder();
        Begin(message, MessageKind.Unimplemented).Copy(reader.Again(visitsPerWord: 4).RootPointer);
        return message;
    }
}
