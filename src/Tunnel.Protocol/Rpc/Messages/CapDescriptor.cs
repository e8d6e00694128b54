using Tunnel.Protocol.CapnProto;

namespace Tunnel.Protocol.Rpc.Messages;

/// <summary><c>CapDescriptor</c> of rpc.capnp: an entry of a payload's capability table.</summary>
internal static class CapDescriptor
{
    private const ushort SenderHosted = 1;
    private const ushort SenderPromise = 2;
    private const ushort ThirdPartyHosted = 5;

    /// <summary>
    /// What the receiver now holds a reference to. A promise may be called like a capability, so it needs no difference;
    /// of a third party's capability it is the vine. Null where the entry gives nothing.
    /// </summary>
    public static uint? ReadImport(StructReader descriptor) => descriptor.GetUInt16(0) switch
    {
        SenderHosted or SenderPromise => descriptor.GetUInt32(4),
        ThirdPartyHosted => descriptor.GetStruct(0).GetUInt32(0),
        _ => null,
    };

    public static void WriteSenderHosted(StructBuilder descriptor, uint exportId)
    {
        descriptor.SetUInt16(0, SenderHosted);
        descriptor.SetUInt32(4, exportId);
    }
}
