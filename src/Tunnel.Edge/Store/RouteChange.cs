namespace Tunnel.Edge.Store;

/// <summary>What routing a hostname to a tunnel did.</summary>
public enum RouteChange
{
    /// <summary>A record was made.</summary>
    New,

    /// <summary>The hostname's record led elsewhere and leads to the tunnel now.</summary>
    Updated,

    /// <summary>The hostname led to the tunnel already.</summary>
    Unchanged,

    /// <summary>Nothing was done: the hostname has records that may not be overwritten.</summary>
    Refused,
}
