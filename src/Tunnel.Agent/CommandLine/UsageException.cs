namespace Tunnel.Agent.CommandLine;

/// <summary>The command line, a file or an environment variable that it names says something that makes no sense.</summary>
internal sealed class UsageException(string message) : Exception(message);
