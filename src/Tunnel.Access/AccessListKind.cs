namespace Tunnel.Access;

/// <summary>What a list that rules can name holds.</summary>
public enum AccessListKind
{
    /// <summary>E-mail addresses, for <see cref="EmailListRule"/>.</summary>
    Email,

    /// <summary>IP addresses and ranges of them, for <see cref="IpListRule"/>.</summary>
    Ip,
}
