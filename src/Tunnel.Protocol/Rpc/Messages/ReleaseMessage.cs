using Tunnel.Protocol.CapnProto;

namespace Tunnel.Protocol.Rpc.Messages;

/// <summary><c>Release</c>: the sender gives up references to a capability of the receiver.</summary>
/// <param name="ExportId">The receiver's export.</param>
/// <param name="References">How many.</param>
internal readonly record struct ReleaseMessage(uint ExportId, uint References)
{
    public static ReleaseMessage Read(StructReader release) => new(release.GetUInt32(0), release.GetUInt32(4));

    public MessageBuilder Build()
    {
        var message = new MessageBuilder();
        var release = RpcMessage.Begin(message, MessageKind.Release).InitStruct(1, 0);
        release.SetUInt32(0, ExportId);
        release.SetUInt32(4, References);
        return message;
    }
}
