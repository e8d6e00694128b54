using Tunnel.Protocol.CapnProto;

namespace Tunnel.Protocol.Rpc.Messages;

/// <summary><c>Call</c>: runs a method of a capability.</summary>
internal sealed class CallMessage
{
    private const ushort ToCaller = 0;

    public required uint QuestionId { get; init; }

    public required MessageTarget Target { get; init; }

    public required ulong InterfaceId { get; init; }

    public required ushort MethodId { get; init; }

    /// <summary>The parameters' struct.</summary>
    public required StructReader Parameters { get; init; }

    /// <summary>Null where the target is unknown or the results are to go elsewhere: for three-party calls.</summary>
    public static CallMessage? Read(StructReader call) =>
        MessageTarget.Read(call.GetStruct(0)) is { } target && call.GetUInt16(6) == ToCaller
            ? new CallMessage
            {
                QuestionId = call.GetUInt32(0),
                Target = target,
                InterfaceId = call.GetUInt64(8),
                MethodId = call.GetUInt16(4),
                Parameters = call.GetStruct(1).GetStruct(0),
            }
            : null;

    /// <summary>Builds a call; the parameters' struct is for the caller to make.</summary>
    public static MessageBuilder Build(
        uint questionId, MessageTarget target, ulong interfaceId, ushort methodId, out PointerBuilder parameters)
    {
        var message = new MessageBuilder();
        var call = RpcMessage.Begin(message, MessageKind.Call).InitStruct(3, 3);
        call.SetUInt32(0, questionId);
        target.Write(call.GetPointer(0));
        call.SetUInt64(8, interfaceId);
        call.SetUInt16(4, methodId);
        parameters = call.InitStruct(1, 0, 2).GetPointer(0);
        return message;
    }
}
