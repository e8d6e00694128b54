using Tunnel.Core.Connector;

namespace Tunnel.Agent.Connector;

/// <summary>What <c>tunnel run</c> was asked to do.</summary>
/// <param name="Connector">Which tunnel, with which proof, to which edge, for which services.</param>
/// <param name="PidFile">Where to write the process id when the first connection is up.</param>
internal sealed record RunSettings(ConnectorOptions Connector, string? PidFile);
