using Tunnel.Protocol.CapnProto;

namespace Tunnel.Protocol.Rpc.Messages;

/// <summary>
/// <c>Return</c>: answers a call or a Bootstrap. <c>releaseParamCaps</c> is left true: capabilities among the
/// parameters are not kept.
/// </summary>
internal static class ReturnMessage
{
    private const ushort Results = 0;
    private const ushort Exception = 1;
    private const ushort Canceled = 2;

    public static uint ReadAnswerId(StructReader @return) => @return.GetUInt32(0);

    /// <summary>The results' payload; any other outcome is thrown.</summary>
    public static StructReader ReadPayload(StructReader @return) => @return.GetUInt16(6) switch
    {
        Results => @return.GetStruct(0),
        Exception => throw ExceptionField.Read(@return.GetStruct(0)),
        Canceled => throw new RpcException(RpcExceptionType.Failed, "The peer cancelled the call."),
        _ => throw new RpcException(RpcExceptionType.Unimplemented, "The peer sent the results to somebody else."),
    };

    /// <summary>Begins a Return with results: a payload of content (0) and capability table (1).</summary>
    public static MessageBuilder BeginResults(uint answerId, out StructBuilder payload)
    {
        var message = Begin(answerId, Results, out var @return);
        payload = @return.InitStruct(0, 0, 2);
        return message;
    }

    /// <summary>The answer to a Bootstrap: a capability that the sender hosts.</summary>
    public static MessageBuilder BuildCapability(uint answerId, uint exportId)
    {
        var message = BeginResults(answerId, out var payload);
        payload.GetPointer(0).SetCapability(0);
        CapDescriptor.WriteSenderHosted(payload.GetPointer(1).InitStructList(1, 1, 1).GetStruct(0), exportId);
        return message;
    }

    public static MessageBuilder BuildException(uint answerId, RpcExceptionType type, string reason)
    {
        var message = Begin(answerId, Exception, out var @return);
        ExceptionField.Write(@return.GetPointer(0), type, reason);
        return message;
    }

    public static MessageBuilder BuildCanceled(uint answerId) => Begin(answerId, Canceled, out _);

    private static MessageBuilder Begin(uint answerId, ushort outcome, out StructBuilder @return)
    {
        var message = new MessageBuilder();
        @return = RpcMessage.Begin(message, MessageKind.Return).InitStruct(2, 1);
        @return.SetUInt32(0, answerId);
        @return.SetUInt16(6, outcome);
        return message;
    }
}
