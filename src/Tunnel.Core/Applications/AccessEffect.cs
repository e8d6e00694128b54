namespace Tunnel.Core.Applications;

/// <summary>What a change of policies does for one visitor.</summary>
public enum AccessEffect
{
    /// <summary>Refused before and after.</summary>
    StaysOut,

    /// <summary>Let in before and after.</summary>
    StaysIn,

    /// <summary>Refused before, let in after.</summary>
    Gains,

    /// <summary>Let in before, refused after.</summary>
    Loses,
}
