namespace Tunnel.Edge.Store;

/// <summary>The account that owns everything in one edge's store.</summary>
/// <param name="Id">32 hex characters.</param>
/// <param name="Name">As people see it.</param>
/// <param name="CreatedOn">When the state directory was first used.</param>
public sealed record AccountRecord(string Id, string Name, DateTimeOffset CreatedOn);
