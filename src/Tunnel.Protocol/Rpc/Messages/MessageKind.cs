namespace Tunnel.Protocol.Rpc.Messages;

/// <summary>The union of <c>Message</c> in rpc.capnp, with its tags; kinds of level 2 and above are left out.</summary>
internal enum MessageKind : ushort
{
    Unimplemented = 0,
    Abort = 1,
    Call = 2,
    Return = 3,
    Finish = 4,
    Resolve = 5,
    Release = 6,
    Bootstrap = 8,
    Disembargo = 13,
}
