using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.InteropServices;
using Tunnel.Shell.Hosting;

namespace Tunnel.Shell;

/// <summary>One run of one script: a runspace, a pipeline that ends in Out-Default, and the exit code.</summary>
internal sealed class ShellSession : IDisposable
{
    private readonly ShellArguments _arguments;
    private readonly ShellHost _host = new();
    private readonly Runspace _runspace;
    private readonly List<PosixSignalRegistration> _signals = [];
    private int _signal;

    public ShellSession(ShellArguments arguments)
    {
        _arguments = arguments;
        var state = InitialSessionState.CreateDefault2();
        if (OperatingSystem.IsWindows())
        {
            state.ExecutionPolicy = Microsoft.PowerShell.ExecutionPolicy.Bypass;
        }

        _runspace = RunspaceFactory.CreateRunspace(_host, state);
        _runspace.ThreadOptions = PSThreadOptions.ReuseThread;
        _runspace.Open();
    }

    /// <summary>Runs the script to its end, to its <c>exit</c>, or until a signal stops it.</summary>
    public int Run()
    {
        // Some of the engine's cmdlets ask for the thread's default runspace, as they may in pwsh.
        Runspace.DefaultRunspace = _runspace;
        using var shell = PowerShell.Create(_runspace);
        AddCommands(shell);
        StopOnSignals(shell);
        try
        {
            shell.Invoke();
        }
        catch (PipelineStoppedException)
        {
            return _signal == 0 ? ShellExitCodes.Failure : ShellExitCodes.Signalled(_signal);
        }
        catch (RuntimeException e)
        {
            ShowError(e.ErrorRecord ?? new ErrorRecord(e, "ScriptFailed", ErrorCategory.NotSpecified, null));
            return ShellExitCodes.Failure;
        }

        if (_signal != 0)
        {
            return ShellExitCodes.Signalled(_signal);
        }

        return _host.ExitCode ?? ShellExitCodes.Success;
    }

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _signals)
        {
            registration.Dispose();
        }

        _runspace.Dispose();
    }

    private void AddCommands(PowerShell shell)
    {
        Command command;
        if (_arguments.ScriptFile is { } file)
        {
            // exit inside a script file ends that file only: $? tells whether it gave a code, $LASTEXITCODE which. There is
            // none if the arguments did not bind.
            command = new Command(
                $"& {ShellArguments.Quote(file)} {_arguments.ScriptArguments}; if (-not $?) {{ exit ($LASTEXITCODE ?? 1) }}",
                isScript: true);
        }
        else
        {
            // As pwsh does: a text whose last statement failed has failed.
            command = new Command(_arguments.Text + "\nif (-not $?) { exit 1 }", isScript: true);
        }

        command.MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
        shell.Commands.AddCommand(command).AddCommand("Out-Default");
    }

    /// <summary>Stops the pipeline rather than the process, so that the script's finally blocks still run.</summary>
    private void StopOnSignals(PowerShell shell)
    {
        Register(PosixSignal.SIGINT, 2);
        Register(PosixSignal.SIGTERM, 15);
        Register(PosixSignal.SIGHUP, 1);

        void Register(PosixSignal signal, int number) =>
            _signals.Add(PosixSignalRegistration.Create(signal, context =>
            {
                // The second signal ends the process at once: a script may hang in its finally block.
                context.Cancel = Interlocked.CompareExchange(ref _signal, number, 0) == 0;
                if (context.Cancel)
                {
                    shell.BeginStop(null, null);
                }
            }));
    }

    private void ShowError(ErrorRecord error)
    {
        using var shell = PowerShell.Create(_runspace);
        shell.AddCommand("Out-Default");
        try
        {
            // The note property is how the engine itself tells Out-Default that an object came from the error stream.
            var item = new PSObject(error);
            item.Properties.Add(new PSNoteProperty("writeErrorStream", true));
            shell.Invoke(new[] { item });
        }
        catch (RuntimeException)
        {
            _host.UI.WriteErrorLine(error.ToString());
        }
    }
}
