using Tunnel.Protocol.CapnProto;

namespace Tunnel.Protocol.Rpc.Messages;

/// <summary><c>Exception</c> of rpc.capnp, in an Abort or a Return.</summary>
internal static class ExceptionField
{
    public static RpcException Read(StructReader exception)
    {
        var type = (RpcExceptionType)exception.GetUInt16(4);
        return new RpcException(
            Enum.IsDefined(type) ? type : RpcExceptionType.Failed, exception.GetText(0, "The peer gives no reason."));
    }

    public static void Write(PointerBuilder pointer, RpcExceptionType type, string reason)
    {
        var exception = pointer.InitStruct(1, 2);
        exception.SetUInt16(4, (ushort)type);
        exception.SetText(0, reason);
    }
}
