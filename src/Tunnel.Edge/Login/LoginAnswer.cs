namespace Tunnel.Edge.Login;

/// <summary>What a person answered.</summary>
/// <param name="Zone">The zone's name; null for no.</param>
internal sealed record LoginAnswer(string? Zone);
