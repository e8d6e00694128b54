namespace Tunnel.Core.Ingress;

/// <summary>A lock as it was before a change.</summary>
/// <param name="Ruleset">In the firewall's own words; empty: there was none.</param>
/// <param name="Staged">What was kept aside for the next boot.</param>
public sealed record FirewallCapture(string Ruleset, string? Staged);
