namespace Tunnel.Edge.Store;

/// <summary>What a person said they enter an application for, as a policy asks.</summary>
/// <param name="ApplicationId">The application.</param>
/// <param name="PolicyId">The policy that asks.</param>
/// <param name="Text">The person's words.</param>
/// <param name="ExpiresAt">From then on they are asked anew.</param>
public sealed record AccessPurpose(Guid ApplicationId, string PolicyId, string Text, DateTimeOffset ExpiresAt);
