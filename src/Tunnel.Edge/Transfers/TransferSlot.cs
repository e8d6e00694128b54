using Tunnel.Protocol.Transfers;

namespace Tunnel.Edge.Transfers;

/// <summary>Where something waits to be fetched.</summary>
/// <param name="Key">Whose it is.</param>
/// <param name="IsSealed">
/// Whether it is encrypted to the key. Access tokens always are; a certificate is when the program asks for it so, which
/// cloudflared's login does not.
/// </param>
public sealed record TransferSlot(TransferKey Key, bool IsSealed);
