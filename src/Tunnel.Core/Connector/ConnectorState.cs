namespace Tunnel.Core.Connector;

/// <summary>What a connector, or one of its connections, is doing.</summary>
public enum ConnectorState
{
    /// <summary>Not started yet.</summary>
    Inactive,

    /// <summary>Dialling the edge or registering; no connection is up yet.</summary>
    Connecting,

    /// <summary>At least one connection is registered, but not all.</summary>
    Degraded,

    /// <summary>Every connection is registered.</summary>
    Healthy,

    /// <summary>All connections were lost; it goes on trying.</summary>
    Down,

    /// <summary>Unregistered; open streams have the grace period to end.</summary>
    Stopping,

    /// <summary>Ended because it was asked to.</summary>
    Stopped,

    /// <summary>Ended because the edge refused it for good, for instance with wrong credentials.</summary>
    Failed,
}
