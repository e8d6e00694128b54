namespace Tunnel.Edge.Store;

/// <summary>How a filter of the request log compares.</summary>
public enum AccessRequestMatch
{
    /// <summary>Is the value.</summary>
    Equal,

    /// <summary>Is another value, or none.</summary>
    NotEqual,

    /// <summary>Holds the value, case counting.</summary>
    Contains,

    /// <summary>Does not hold the value, case counting.</summary>
    NotContains,
}
