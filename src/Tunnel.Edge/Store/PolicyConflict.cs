namespace Tunnel.Edge.Store;

/// <summary>Why a policy was not written or removed.</summary>
public enum PolicyConflict
{
    /// <summary>It was done.</summary>
    None,

    /// <summary>Another policy of the application has the precedence.</summary>
    PrecedenceTaken,

    /// <summary>The policy or its application does not exist.</summary>
    Missing,

    /// <summary>It is a reusable policy, which no application can change or remove.</summary>
    Reusable,

    /// <summary>It is a reusable policy that an application holds.</summary>
    InUse,
}
