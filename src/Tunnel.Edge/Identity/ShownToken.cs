using Tunnel.Edge.Store;

namespace Tunnel.Edge.Identity;

/// <summary>What a valid application token proves.</summary>
/// <param name="Identity">Who it was issued to.</param>
/// <param name="Application">What it opens.</param>
/// <param name="ExpiresAt">When it ends.</param>
internal sealed record ShownToken(VerifiedIdentity Identity, AccessApplicationRecord Application, DateTimeOffset ExpiresAt);
