using Tunnel.Agent.CommandLine;

return await AgentCommandLine.RunAsync(args).ConfigureAwait(false);
