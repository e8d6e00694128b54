namespace Tunnel.Core.Tunnels;

/// <summary>Why a tunnel cannot be started, waited for or removed.</summary>
public enum SshTunnelError
{
    /// <summary>The hostname, URL or name is not valid.</summary>
    InvalidRequest,

    /// <summary>The hostname is in no zone of the account.</summary>
    ZoneNotFound,

    /// <summary>No Access application covers the hostname.</summary>
    Unprotected,

    /// <summary>The hostname carries something else already, or belongs to another tunnel.</summary>
    HostnameTaken,

    /// <summary>The hostname has a DNS record that is not a tunnel's.</summary>
    RecordExists,

    /// <summary>The tunnel carries other hostnames, or has its configuration elsewhere.</summary>
    TunnelTaken,

    /// <summary>The tunnel's credentials file cannot be used.</summary>
    Credentials,

    /// <summary>There is no such tunnel, or it does not run here.</summary>
    NotFound,

    /// <summary>It did not become healthy in time.</summary>
    Timeout,

    /// <summary>The start failed, and not all of it could be undone.</summary>
    Undo,
}
