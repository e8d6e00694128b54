namespace Tunnel.Edge.Transfers;

/// <summary>How waiting for a transfer ended.</summary>
public enum TransferStatus
{
    /// <summary>Nothing came in time; ask again.</summary>
    NotYet,

    /// <summary>Here it is; it is not kept any longer.</summary>
    Ready,

    /// <summary>The person said no.</summary>
    Cancelled,

    /// <summary>Too many wait already.</summary>
    TooMany,
}
