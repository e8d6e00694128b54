using System.Diagnostics;

namespace Tunnel.Shell.Tests;

/// <summary>One run of tunnel-shell on a script of its own.</summary>
internal sealed class ShellRun : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("tunnel-shell-test-").FullName;
    private Process? _process;

    public string ScriptFile => Path.Combine(_folder, "script.ps1");

    /// <summary>Runs a script file with arguments.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> ScriptAsync(string script, params string[] arguments)
    {
        using var run = new ShellRun();
        Process process = run.Start(script, arguments);
        return await EndAsync(process);
    }

    /// <summary>Runs tunnel-shell with a bare command line.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> CommandLineAsync(params string[] arguments)
    {
        using var run = new ShellRun();
        return await EndAsync(run.Launch(arguments));
    }

    public Process Start(string script, params string[] arguments)
    {
        File.WriteAllText(ScriptFile, script);
        return Launch([ScriptFile, .. arguments]);
    }

    public static async Task<(int ExitCode, string Output, string Errors)> EndAsync(Process process)
    {
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(s_limit);
        return (process.ExitCode, (await output).ReplaceLineEndings("\n"), (await errors).ReplaceLineEndings("\n"));
    }

    public void Dispose()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill(entireProcessTree: true);
        }

        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private Process Launch(string[] arguments)
    {
        var start = new ProcessStartInfo(Program(), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder,
        };
        _process = Process.Start(start)!;
        return _process;
    }

    private static string Program()
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        string configuration = output.Parent!.Name;
        string root = output.Parent!.Parent!.Parent!.Parent!.Parent!.FullName;
        return Path.Combine(
            root, "src", "Tunnel.Shell", "bin", configuration, output.Name, OperatingSystem.IsWindows() ? "tunnel-shell.exe" : "tunnel-shell");
    }
}
