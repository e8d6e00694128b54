namespace Tunnel.Core.Applications;

/// <summary>A policy that is in no account: to be asked about visitors before it goes live.</summary>
public sealed record PolicyProposal : PolicyDefinition
{
    /// <summary>Lower is evaluated first. Null: in the order of the list, after those that have one.</summary>
    public int? Precedence { get; init; }
}
