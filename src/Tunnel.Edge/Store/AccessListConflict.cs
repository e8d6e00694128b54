namespace Tunnel.Edge.Store;

/// <summary>Why a list was not written or removed.</summary>
public enum AccessListConflict
{
    /// <summary>It was.</summary>
    None,

    /// <summary>There is none.</summary>
    Missing,

    /// <summary>The account would have more than <see cref="AccessListTable.MaxLists"/>.</summary>
    TooManyLists,

    /// <summary>The list would have more than <see cref="AccessListTable.MaxItems"/>.</summary>
    TooManyItems,

    /// <summary>A policy or a group names it.</summary>
    InUse,
}
