namespace Tunnel.Edge.Store;

/// <summary>Why a policy was not written.</summary>
public enum PolicyConflict
{
    /// <summary>It was written.</summary>
    None,

    /// <summary>Another policy of the application has the precedence.</summary>
    PrecedenceTaken,

    /// <summary>The policy or its application does not exist.</summary>
    Missing,
}
