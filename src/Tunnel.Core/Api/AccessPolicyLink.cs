namespace Tunnel.Core.Api;

/// <summary>A policy in an application's <c>policies</c>: a reusable one, or one of the application's own.</summary>
/// <param name="Id">The policy.</param>
/// <param name="Precedence">Lower is evaluated first. Null: its place in the list.</param>
public sealed record AccessPolicyLink(string Id, int? Precedence = null);
