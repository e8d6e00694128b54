namespace Tunnel.Core.Applications;

/// <summary>How near the end of a service token is.</summary>
public enum ServiceTokenExpiry
{
    /// <summary>It has none.</summary>
    None,

    /// <summary>There is time.</summary>
    Later,

    /// <summary>Something has to be done.</summary>
    Soon,

    /// <summary>It is over: the token is refused.</summary>
    Expired,
}
