using Tunnel.Protocol.CapnProto;

namespace Tunnel.Protocol.Rpc.Messages;

/// <summary><c>Bootstrap</c>: asks for the peer's first capability.</summary>
internal static class BootstrapMessage
{
    public static uint ReadQuestionId(StructReader bootstrap) => bootstrap.GetUInt32(0);

    public static MessageBuilder Build(uint questionId)
    {
        var message = new MessageBuilder();
        RpcMessage.Begin(message, MessageKind.Bootstrap).InitStruct(1, 1).SetUInt32(0, questionId);
        return message;
    }
}
