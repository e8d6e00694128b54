using Tunnel.Protocol.CapnProto;

namespace Tunnel.Protocol.Rpc.Messages;

/// <summary><c>Finish</c>: the caller needs the answer no longer; before the Return, it cancels the call.</summary>
/// <param name="QuestionId">The caller's question.</param>
/// <param name="ReleaseResultCaps">The capabilities among the results are released with it.</param>
internal readonly record struct FinishMessage(uint QuestionId, bool ReleaseResultCaps)
{
    public static FinishMessage Read(StructReader finish) =>
        new(finish.GetUInt32(0), finish.GetBool(32, defaultValue: true));

    public MessageBuilder Build()
    {
        var message = new MessageBuilder();
        var finish = RpcMessage.Begin(message, MessageKind.Finish).InitStruct(1, 0);
        finish.SetUInt32(0, QuestionId);
        finish.SetBool(32, ReleaseResultCaps, defaultValue: true);
        return message;
    }
}
