namespace Tunnel.PowerShell.Access;

/// <summary>Whether machines get in with a service token.</summary>
public enum AccessServiceTokenState
{
    /// <summary>They do, and will for a while.</summary>
    Valid,

    /// <summary>They do, but not for long: see Update-AccessServiceToken.</summary>
    ExpiresSoon,

    /// <summary>They do not any more.</summary>
    Expired,

    /// <summary>They do not while it is so: see Set-AccessServiceToken -Enabled.</summary>
    Disabled,
}
