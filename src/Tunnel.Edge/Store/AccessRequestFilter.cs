namespace Tunnel.Edge.Store;

/// <summary>One condition on the request log.</summary>
/// <param name="Field">What is looked at.</param>
/// <param name="Match">How it is compared.</param>
/// <param name="Value">With what.</param>
public sealed record AccessRequestFilter(AccessRequestField Field, AccessRequestMatch Match, string Value);
