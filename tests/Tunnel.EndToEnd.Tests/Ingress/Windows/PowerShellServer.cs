using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests.Ingress.Windows;

/// <summary>
/// One PowerShell for all scripts of a test class, each in a scope of its own: a process for each would take most of the time.
/// </summary>
public sealed class PowerShellServer : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private RunningProgram? _shell;

    private string Requests => _directory.File("requests");

    public async ValueTask InitializeAsync()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        await ProcessResult.RunAsync("mkfifo", [Requests]);
        // exit in a script file ends that file only.
        await File.WriteAllTextAsync(_directory.File("server.ps1"), NetSecurityStandIn.Cmdlets + """
            $requests = [IO.StreamReader]::new([IO.FileStream]::new($args[0], 'Open', 'ReadWrite'))
            while ($true) {
                $request = $requests.ReadLine()
                $standIn = [IO.Path]::GetDirectoryName($request)
                $out, $problems = [IO.StringWriter]::new(), [IO.StringWriter]::new()
                [Console]::SetOut($out)
                [Console]::SetError($problems)
                $global:LASTEXITCODE = 0
                try { & "$request.ps1"; $code = $global:LASTEXITCODE } catch { $code = 1; $problems.WriteLine("$_") }
                [IO.File]::WriteAllText("$request.out", "$out")
                [IO.File]::WriteAllText("$request.err", "$problems")
                [IO.File]::WriteAllText("$request.code", "$code`n")
            }

            """);
        _shell = new RunningProgram(Repository.Shell, [_directory.File("server.ps1"), Requests], new Dictionary<string, string>());
    }

    /// <summary>Writes a program that runs what it reads, and answers as PowerShell does.</summary>
    public void WriteClient(string path)
    {
        File.WriteAllText(path, $$"""
            #!/bin/sh
            [ "$LIMITED" ] || LIMITED=1 exec timeout 60 "$0"
            request="${0%/*}/request-$$"
            cat > "$request.ps1"
            mkfifo "$request.code"
            echo "$request" > '{{Requests}}'
            read -r code < "$request.code"
            cat "$request.out"
            cat "$request.err" >&2
            rm "$request".*
            exit "$code"

            """);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_shell is not null)
        {
            await _shell.DisposeAsync();
        }

        _directory.Dispose();
    }
}
