namespace Tunnel.Edge.Store;

/// <summary>Why a DNS record was not written.</summary>
public enum DnsConflict
{
    /// <summary>It was written.</summary>
    None,

    /// <summary>A CNAME would stand beside an A, AAAA or CNAME record of the same name.</summary>
    HostExists,

    /// <summary>The record would stand beside a CNAME of the same name.</summary>
    CnameExists,

    /// <summary>The same type, name and content exist.</summary>
    Identical,

    /// <summary>The record to be changed does not exist.</summary>
    Missing,
}
