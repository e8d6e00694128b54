using Tunnel.Protocol.CapnProto;

namespace Tunnel.Protocol.Rpc.Messages;

/// <summary><c>Disembargo</c>: goes once around, so that its sender knows that all calls before it have arrived.</summary>
internal static class DisembargoMessage
{
    private const ushort SenderLoopback = 0;
    private const ushort ReceiverLoopback = 1;

    public static bool IsSenderLoopback(StructReader disembargo) => disembargo.GetUInt16(4) == SenderLoopback;

    public static bool IsReceiverLoopback(StructReader disembargo) => disembargo.GetUInt16(4) == ReceiverLoopback;

    /// <summary>What a sender's loopback is answered with; null where its target is of an unknown kind.</summary>
    public static MessageBuilder? BuildReceiverLoopback(StructReader disembargo)
    {
        if (MessageTarget.Read(disembargo.GetStruct(0)) is not { } target)
        {
            return null;
        }

        var message = new MessageBuilder();
        var loopback = RpcMessage.Begin(message, MessageKind.Disembargo).InitStruct(1, 1);
        target.Write(loopback.GetPointer(0));
        loopback.SetUInt32(0, disembargo.GetUInt32(0));
        loopback.SetUInt16(4, ReceiverLoopback);
        return message;
    }
}
