namespace Tunnel.Edge.Store;

/// <summary>How the removal of a service token went.</summary>
public enum ServiceTokenRemoval
{
    /// <summary>It is gone.</summary>
    Removed,

    /// <summary>There was none.</summary>
    Missing,

    /// <summary>It stays: a policy or a group names it.</summary>
    InUse,
}
