using Tunnel.Protocol.CapnProto;

namespace Tunnel.Protocol.Rpc.Messages;

/// <summary><c>Abort</c>: the sender ends the connection, and says why.</summary>
internal static class AbortMessage
{
    public static MessageBuilder Build(string reason)
    {
        var message = new MessageBuilder();
        ExceptionField.Write(RpcMessage.Begin(message, MessageKind.Abort), RpcExceptionType.Failed, reason);
        return message;
    }
}
