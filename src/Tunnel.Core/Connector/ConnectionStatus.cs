using System.Net;

namespace Tunnel.Core.Connector;

/// <summary>One of a connector's connections to the edge, as it was when asked.</summary>
/// <param name="Index">0 to 3 by default: what the edge tells a connector's connections apart by.</param>
/// <param name="IsRegistered">Whether the edge has accepted it, so that streams arrive on it.</param>
/// <param name="ConnectionId">The edge's name for it; null until it is registered.</param>
/// <param name="Location">The edge location, for instance an airport code; null until it is registered.</param>
/// <param name="EdgeEndPoint">The address that was dialled; null until it was.</param>
/// <param name="OpenStreams">Visitors' streams that it carries now.</param>
/// <param name="Since">When it was registered.</param>
public sealed record ConnectionStatus(
    byte Index,
    bool IsRegistered,
    Guid? ConnectionId,
    string? Location,
    EndPoint? EdgeEndPoint,
    int OpenStreams,
    DateTimeOffset? Since);
