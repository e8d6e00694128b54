using Tunnel.Protocol.CapnProto;

namespace Tunnel.Protocol.Rpc.Messages;

/// <summary><c>Resolve</c>: a promise that the sender exported is now a capability, or an exception.</summary>
internal static class ResolveMessage
{
    private const ushort Capability = 0;

    /// <summary>The import that the message brings, if any.</summary>
    public static uint? ReadImport(StructReader resolve) =>
        resolve.GetUInt16(4) == Capability ? CapDescriptor.ReadImport(resolve.GetStruct(0)) : null;
}
