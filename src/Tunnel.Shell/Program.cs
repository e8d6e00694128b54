using Tunnel.Shell;

// The engine would otherwise report module names home when it starts.
Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1");
// And it would open a pipe for debuggers: a way in that nobody asked for, whose socket stays when the shell is killed.
Environment.SetEnvironmentVariable("POWERSHELL_DIAGNOSTICS_OPTOUT", "1");

ShellArguments arguments;
try
{
    arguments = ShellArguments.Parse(args);
}
catch (ArgumentException e)
{
    Console.Error.WriteLine(e.Message);
    Console.Error.WriteLine(ShellArguments.Usage);
    return ShellExitCodes.Usage;
}

using var session = new ShellSession(arguments);
return session.Run();
