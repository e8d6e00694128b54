using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Tunnel.Testing;

namespace Tunnel.PowerShell.Tests;

/// <summary>A runspace of the engine package with the built module imported, as a user's session has it.</summary>
internal sealed class ModuleHost : IDisposable
{
    private readonly Runspace _runspace;

    public ModuleHost()
    {
        Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1");
        Environment.SetEnvironmentVariable("POWERSHELL_DIAGNOSTICS_OPTOUT", "1");
        _runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        _runspace.Open();
        Run("param($Path) Import-Module $Path -ErrorAction Stop", Repository.ModuleManifest);
    }

    /// <summary>Runs a script that must not write errors.</summary>
    public Collection<PSObject> Run(string script, params object?[] arguments)
    {
        using System.Management.Automation.PowerShell shell = Create(script, arguments);
        Collection<PSObject> output = shell.Invoke();
        Assert.Empty(shell.Streams.Error);
        return output;
    }

    public PSObject RunOne(string script, params object?[] arguments) => Assert.Single(Run(script, arguments));

    /// <summary>Runs a script that must write exactly one error, and go on.</summary>
    public ErrorRecord RunToError(string script, params object?[] arguments)
    {
        using System.Management.Automation.PowerShell shell = Create(script, arguments);
        shell.Invoke();
        return Assert.Single(shell.Streams.Error);
    }

    public System.Management.Automation.PowerShell Create(string script, params object?[] arguments)
    {
        var shell = System.Management.Automation.PowerShell.Create(_runspace);
        shell.AddScript(script);
        foreach (object? argument in arguments)
        {
            shell.AddArgument(argument);
        }

        return shell;
    }

    /// <summary>What Ctrl+C does; fails unless the pipeline ends long before what it waits for would come or be given up.</summary>
    /// <remarks>
    /// On a thread of its own: a test that goes on where one of the pipeline's own events has called it would have the
    /// pipeline's thread wait for itself, without end.
    /// </remarks>
    public static Task StopAsync(System.Management.Automation.PowerShell shell) =>
        Task.Run(shell.Stop).WaitAsync(Eventually.Limit);

    public void Dispose()
    {
        Run("Remove-Module Tunnel -ErrorAction Ignore");
        _runspace.Dispose();
    }
}
