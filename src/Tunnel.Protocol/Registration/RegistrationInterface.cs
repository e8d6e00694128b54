namespace Tunnel.Protocol.Registration;

/// <summary>
/// The interface <c>RegistrationServer</c> of tunnelrpc.capnp. The bootstrap capability may be typed
/// <c>TunnelServer</c> (0xea58385c65416035), which extends it; calls of the inherited methods name this interface then, too.
/// </summary>
internal static class RegistrationInterface
{
    public const ulong Id = 0xf71695ec7fe85497;
    public const ushort RegisterConnection = 0;
    public const ushort UnregisterConnection = 1;
    public const ushort UpdateLocalConfiguration = 2;
}
