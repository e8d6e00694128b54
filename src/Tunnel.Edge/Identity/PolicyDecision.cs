using Tunnel.Access;

namespace Tunnel.Edge.Identity;

/// <summary>What policies said to a visitor.</summary>
/// <param name="Verdict">Their word.</param>
/// <param name="Visitor">What they were told of the visitor.</param>
internal sealed record PolicyDecision(AccessVerdict Verdict, AccessVisitor Visitor);
