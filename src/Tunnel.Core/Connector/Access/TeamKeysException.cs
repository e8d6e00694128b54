namespace Tunnel.Core.Connector.Access;

/// <summary>A team's keys cannot be had, so that no token can be checked.</summary>
internal sealed class TeamKeysException(string message, Exception? innerException = null) : Exception(message, innerException);
