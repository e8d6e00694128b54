namespace Tunnel.Edge.Identity;

/// <summary>An endpoint gave no answer that holds.</summary>
internal sealed class ExternalEvaluationException(string message) : Exception(message);
