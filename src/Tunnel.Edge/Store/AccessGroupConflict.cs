namespace Tunnel.Edge.Store;

/// <summary>Why a group was not written or removed.</summary>
public enum AccessGroupConflict
{
    /// <summary>It was.</summary>
    None,

    /// <summary>There is none.</summary>
    Missing,

    /// <summary>A group would contain itself, or groups would be nested too deep.</summary>
    Nesting,

    /// <summary>A policy or another group names it.</summary>
    InUse,
}
